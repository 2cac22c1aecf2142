"""Danger words of the languages that residents write most here beside English: a module a language, the finder in ``finding.py``.

A phrase is a row of words with an English gloss. ``/`` parts alternatives and ``_`` stands for nothing; ``*`` ends a stem, so
that any ending may follow (this is how languages that inflect are covered); ``~`` lets up to four other words stand between
(nine signs in Chinese). Case, diacritics, vowel points and spelling variants of one letter are as good as the same, except
where tones tell words apart (``vietnamese.py``). Words end where letters end; Chinese is looked for sign by sign.
No native speaker has checked them: ``docs/languages.md`` says what that means.
"""
