"""What is left to CI, so that `make test` takes less than five minutes where people work: what takes long, and the many inputs of one test.

Measured test by test with three workers on two cores. CI, and whoever sets ``REQUIRE_REAL=1``, runs all of it; what is marked
``slow`` where it stands is left to CI as well. A test named here may be asked for by its name at any time.
"""

from __future__ import annotations

from itertools import chain

FIRST = 2
"""Inputs of one test over a store that are tried everywhere; the others differ little from them, and each costs a store."""
LONG = {
    "trains models": (
        "classifiers/test_learning.py",
        "classifiers/test_adapting.py",
        "classifiers/test_adapting_gate.py",
        "classifiers/test_calibrating.py",
        "classifiers/test_memory.py",
    ),
    "hundreds of messages judged": (
        "classifiers/test_injection_changes_nothing.py",
        "classifiers/test_same_verdict.py",
    ),
    "starts a program for each test": (
        "classifiers/test_commands.py",
        "desk/test_demo.py",
        "desk/test_the_contracts_commands.py",
        "desk/test_starting_a_command.py",
        "benchmarks/test_judgement_runs.py",
    ),
    "kills processes": (
        "faults/test_killing_mail.py",
        "channels/test_telegram_killed.py",
    ),
    "servers that do everything wrong": ("intake/test_imap_odd.py",),
    "whole lives and whole years": (
        "promises/test_three_lives.py",
        "promises/test_course_of_a_complaint.py",
        "handlers/course/test_keeping_informed.py",
    ),
    "a great many requests or pages": (
        "desk/web/test_no_500.py",
        "pages/test_hostile_mail.py",
        "pages/test_checks.py",
        "desk/web/test_letters_in_view.py",
    ),
    "hashes passwords as slowly as is right": (
        "desk/web/test_users.py",
        "desk/web/test_signing_single_sign_on.py",
    ),
    "reads all code anew": ("house/test_nothing_refuses_by_itself.py",),
    "a store for each test": (
        "store/test_store_schema.py",
        "store/test_store_search.py",
        "handlers/test_undoing.py",
    ),
    "waits for a server that says nothing": (
        "channels/test_meta_sending.py",
        "channels/test_bluesky.py",
        "handlers/test_second_reading.py",
        "intake/test_outgoing_notify.py",
        "promises/test_notify.py",
    ),
    "input without end": (
        "intake/test_contained.py",
        "intake/test_quoting_limits.py",
    ),
    "more than a second": (
        "benchmarks/test_benchmarks.py::test_every_mail_offered_is_kept_and_answered_once",
        "benchmarks/test_desk_benchmark.py::test_a_filled_store_is_sound_and_every_page_that_is_measured_answers",
        "channels/test_contract_silence.py::test_no_log_and_no_error_holds_a_secret_or_a_word",
        "channels/test_meta_webhook.py::test_whatever_meta_may_send_each_update_is_kept_and_the_good_one_is_read",
        "channels/test_x.py::test_a_letter_that_was_lost_is_sent_again_and_one_that_is_there_is_not",
        "classifiers/test_any_text.py::test_a_fresh_pipeline_gives_the_same_verdict_whatever_was_judged_before",
        "classifiers/test_gazetteers.py::test_every_name_of_the_example_lists_is_found_whatever_its_capitals",
        "classifiers/test_second_reader_masking.py::test_no_email_address_phone_number_or_postcode_survives_whatever_stands_around_it",
        "classifiers/test_signatures.py::test_the_same_lots_draw_the_same_signature_with_somebodys_name",
        "classifiers/test_stack.py::test_a_half_that_knows_nothing_gets_no_say",
        "desk/test_acts_command.py::test_all_acts_of_the_desk_are_listed_with_why_one_cannot_be_done_now",
        "desk/test_case_file.py::test_a_place_where_nothing_can_be_written_is_named",
        "desk/test_config.py::test_check_config_masks_secrets",
        "desk/test_config.py::test_the_command_ends_with_code_2_and_one_sentence",
        "desk/test_two_at_once.py::test_an_answer_comes_while_the_input_is_still_open_and_an_interrupt_ends_the_program_cleanly",
        "desk/test_two_at_once.py::test_whoever_stops_listening_ends_the_program_cleanly",
        "desk/web/test_case_forms.py::test_every_act_has_a_page_whose_title_says_what_and_of_which_case",
        "desk/web/test_case_page.py::test_a_letter_that_was_held_back_says_by_which_rule",
        "desk/web/test_contacts.py::test_a_restricted_case_is_offered_to_nobody_and_its_logger_may_only_read_the_reference_out",
        "desk/web/test_course_answers.py::test_the_form_holds_the_draft_and_tells_how_hard_it_is_to_read",
        "desk/web/test_course_handover.py::test_what_is_out_is_listed_at_the_terminal_and_written_as_a_file",
        "desk/web/test_course_hazards.py::test_a_hazard_goes_from_the_panel_through_its_forms_to_its_end",
        "desk/web/test_course_people.py::test_it_is_shown_first_on_every_case_of_the_person_on_cards_in_replies_and_in_print",
        "desk/web/test_files.py::test_the_bomb_is_one",
        "desk/web/test_plain_reasons.py::test_no_reason_that_the_classifier_gives_is_left_in_its_own_code",
        "desk/web/test_review_card.py::test_out_of_scope_is_chosen_with_where_it_belongs",
        "desk/web/test_showing.py::test_the_real_classifiers_evidence_falls_on_the_words_it_names",
        "fuzz/test_fuzz.py::test_a_run_says_what_it_did_or_what_it_needs",
        "handlers/course/test_data_rights.py::test_the_landlords_own_letter_is_the_acknowledgement_whatever_its_subject_says",
        "handlers/course/test_duty_calls.py::test_the_desk_has_a_button_for_it",
        "handlers/course/test_emergency_tongues.py::test_each_language_with_danger_words_is_answered_with_the_numbers_to_phone_and_calls_somebody",
        "handlers/course/test_extending.py::test_every_extension_in_time_and_within_the_limit_stands",
        "handlers/course/test_handover_by_itself.py::test_killed_anywhere_it_is_handed_over_once",
        "handlers/course/test_surveys.py::test_one_that_ended_long_before_a_link_was_set_is_left_alone",
        "handlers/course/test_warned_and_missed.py::test_a_date_that_passed_unmet_is_a_breach_an_event_and_a_task_once",
        "handlers/test_deadlines.py::test_f18_a_thousand_random_instants_agree_with_a_slow_count_day_by_day",
        "handlers/test_live_recall.py::test_the_interval_contains_the_estimate_and_keeps_to_what_is_known",
        "handlers/test_quarantine.py::test_a_message_beyond_the_calendar_is_due_at_once_shows_its_words_and_goes_on_when_the_calendar_does",
        "handlers/test_quarantine.py::test_f23_age_takes_nothing_out_of_quarantine",
        "handlers/test_references.py::test_no_single_wrong_character_goes_unnoticed",
        "handlers/test_references.py::test_what_is_found_is_what_a_search_from_the_beginning_finds",
        "handlers/test_scanning.py::test_a_file_that_ends_the_scanner_again_and_again_is_unscannable_and_keeps_no_other_waiting",
        "handlers/test_scanning.py::test_whoever_settles_messages_has_their_files_scanned_as_well",
        "handlers/test_task_acts.py::test_the_acts_of_a_batch_are_undone_together_and_what_cannot_be_says_why",
        "handlers/test_triage.py::test_a_message_beyond_the_calendar_is_parked_and_its_neighbours_are_settled",
        "intake/test_smtp_ledger.py::test_many_mails_of_every_outcome_add_up",
        "intake/test_words_of_files.py::test_a_pdf_that_unpacks_without_end_is_stopped",
        "intake/test_words_of_files.py::test_an_archive_that_grows_without_end_is_read_only_so_far",
        "promises/test_bounces.py::test_forged_bounces_hide_no_true_one_and_flood_nobody",
        "promises/test_failures.py::test_f4_a_letter_that_never_goes_is_tried_a_bounded_number_of_times",
        "promises/test_forgeries.py::test_promise_08_of_guessed_references_and_forged_threads_none_joins_a_case",
        "promises/test_loops.py::test_a_busy_morning_of_residents_with_words_of_their_own_is_no_loop",
        "promises/test_smuggling.py::test_each_of_the_eight_false_ends_makes_one_mail_and_forges_nobody",
        "public/test_resident_markup.py::test_no_form_of_a_resident_can_break_the_server",
        "public/test_webchat_pages.py::test_who_sends_more_than_any_household_is_asked_to_wait",
        "store/test_store_lookups.py::test_more_ids_than_a_database_takes_at_once_are_asked_for_in_portions",
        "store/test_store_outbox.py::test_no_letter_ever_has_two_senders_or_is_lost",
    ),
}
"""Why it takes long -> modules or tests below ``tests/``."""
_NAMED = frozenset(chain.from_iterable(LONG.values()))


def takes_long(path: str, name: str) -> bool:
    """Say whether a test, by its path below ``tests/`` and its name without parameters, is left to CI."""
    return not _NAMED.isdisjoint({path, f"{path}::{name}"})
