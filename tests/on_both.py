"""Which tests run on both databases: those that ask something of the database, each with what it asks; all others run on SQLite.

Everything above the store speaks to it in the store's own words, and the store's suite proves those words on both. A page, a form,
a letter or a decision therefore says nothing new on the second database. What can differ there is who waits for whom, what a
commit keeps, how rows are found, ordered and counted, and what a column takes: a test of any of these belongs in this list, by its
folder, its module or its own name. ``ON_BOTH=all pytest`` runs every test that asks for a store on both.
"""

from __future__ import annotations

ON_BOTH = {
    # whole folders
    "store": "the store's own words",
    "faults": "what is kept when the process dies at a commit",
    "promises": "what may never happen, on whichever database",
    # two at once, claims, locks
    "handlers/test_two_workers.py": "two workers on one conversation",
    "handlers/test_triage.py": "claims, and a store that goes away",
    "handlers/test_one_letter_hangs.py": "senders that claim letters",
    "handlers/test_chat_groups.py": "messages that are held together",
    "handlers/test_case_acts.py::test_of_two_people_who_save_at_the_very_same_time_one_is_first_and_the_other_is_told": "two at once",
    "handlers/test_case_acts.py::test_two_people_linking_the_same_cases_from_both_sides_never_block_each_other": "two at once",
    "handlers/test_case_acts.py::test_a_definition_saved_over_a_colleagues_is_refused_and_nothing_of_theirs_is_lost": "two in turn",
    "handlers/test_deciding_at_the_desk.py::test_f24_of_two_reviewers_of_one_item_the_second_gets_a_conflict_and_overwrites_nothing": (
        "two in turn"
    ),
    "handlers/course/test_handover_by_itself.py::test_two_sweeps_at_once_hand_over_once": "two at once",
    "handlers/course/test_handover_by_itself.py::test_a_case_that_is_more_than_plain_stays": "lists that are compared as text",
    "handlers/test_task_acts.py::test_f24_a_task_that_somebody_finished_is_not_finished_twice": "two in turn",
    "handlers/test_undoing.py::test_of_an_undoing_and_a_sender_at_the_same_moment_one_wins_whole": "two at once",
    "handlers/test_undoing.py::test_an_act_whose_letter_is_on_its_way_stands_whole": "a letter that a sender holds",
    "handlers/test_replying.py::test_a_reply_that_a_sender_has_taken_up_stands": "a letter that a sender holds",
    "handlers/test_replying.py::test_the_same_draft_never_goes_twice": "a key that makes a repeat harmless",
    "handlers/test_resident_pages.py::test_of_two_who_open_a_page_at_the_same_moment_one_is_noted": "two at once",
    "handlers/test_second_reading.py::test_while_one_worker_asks_no_other_does": "claims",
    "handlers/test_second_reading.py::test_killed_around_the_commit_one_answer_is_kept_in_the_end": "what a commit keeps",
    "handlers/test_second_reading.py::test_of_two_answers_to_one_question_the_first_is_kept": "a key that makes a repeat harmless",
    "handlers/test_scanning.py::test_a_file_that_comes_while_another_is_scanned_is_not_passed_over": "two at once",
    "handlers/test_chat_files.py::test_a_fetch_that_dies_is_begun_again_by_another": "claims",
    "handlers/test_spot_checks.py::test_each_message_is_drawn_once_whatever_restarts_and_whoever_else_draws": "two at once",
    "handlers/test_chat_rerouting.py::test_a_letter_goes_every_way_once_and_is_then_a_persons": "a key that makes a repeat harmless",
    "handlers/test_seals.py::test_all_that_a_case_holds_is_as_it_was_written": "what a column takes and gives back",
    "handlers/test_seals.py::test_an_older_state_put_back_is_found": "what a column takes and gives back",
    "handlers/test_seals.py::test_a_row_moved_to_another_case_is_found_on_both": "how rows are found and counted",
    "handlers/test_numbered_anew.py": "keys that make a repeat harmless",
    "desk/web/test_contacts.py::test_two_presses_at_the_same_moment_as_two_kinds_are_one_case": "two at once",
    "desk/web/test_replies.py::test_two_officers_send_one_reply_once": "two in turn",
    "desk/web/test_rights.py::test_a_store_that_is_gone_is_said_on_a_page_to_whoever_is_signed_in": "a store that goes away",
    "real/test_imap_house.py": "what is kept when the process dies at a commit",
    "intake/test_mail_rules.py": "what is on the disk after a commit",
    # how rows are found, ordered and counted
    "handlers/test_path_of_a_message.py": "all transactions of one message, once each way",
    "house/test_obligations.py::test_every_line_of_sql_is_understood_by_the_tables": "lines of SQL for whoever audits",
    "handlers/test_indexing.py": "search",
    "handlers/test_quarantine.py": "rows found by their reason",
    "handlers/test_reconciling.py": "counting",
    "handlers/test_refusals.py": "counting",
    "desk/web/test_queue.py": "the queue: order, groups, pages by key, counting",
    "desk/web/test_search.py": "search",
    "desk/web/test_similar.py": "search",
    "desk/web/test_case_page.py::test_five_hundred_events_are_paged_and_each_is_shown_once": "pages by key",
    "desk/web/test_case_page.py::test_things_of_all_kinds_that_bear_one_time_are_each_shown_once": "pages by key",
    "desk/web/test_settings.py::test_each_team_is_shown_with_its_people_and_what_is_open_there": "counting",
    "desk/web/test_settings.py::test_closed_work_is_not_counted_and_work_of_a_vanished_team_is_named": "counting",
    "desk/test_watching.py": "counting",
    "handlers/test_same_matter.py::test_nearly_the_same_words_by_another_way_are_offered_and_others_are_not": "rows found by likeness",
    "handlers/test_same_matter.py::test_taken_apart_both_stand_as_they_did_and_both_histories_keep_it": "rows put back as they were",
    "handlers/test_undoing.py::test_undoing_puts_everything_back_and_keeps_both_acts_in_the_history": "rows put back as they were",
    # what a column takes
    "handlers/test_chat_files.py::test_a_file_said_to_be_larger_than_any_number_of_32_bits_is_kept_like_any_other": "a large number",
    "desk/web/test_replies.py::test_what_the_form_carries_is_storable_on_every_database": "NUL",
    "desk/web/test_case_forms.py::test_an_act_is_done_said_and_a_reload_does_not_repeat_it": "NUL",
    "desk/test_demo.py::test_a_demo_has_something_of_everything_and_fills_a_store_once": "a row of every kind",
    "benchmarks": "a store that is filled by copying",
    "classifiers/test_same_verdict.py": "verdicts as they are kept",
}
"""Folder, module or test below ``tests/`` -> what it asks of the database."""


def on_both(path: str, name: str) -> bool:
    """Say whether a test, by its path below ``tests/`` and its name without parameters, runs on both databases."""
    return any(asked in {path, f"{path}::{name}"} or path.startswith(f"{asked}/") for asked in ON_BOTH)
