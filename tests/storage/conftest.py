"""A workspace to begin with, for the tests of what lies in one: in a file, and on a PostgreSQL server."""

from __future__ import annotations

import pytest

from tests.support.empty_workspace import made, new_place, on, workspace_place
from tests.support.empty_workspace import workspace_on as workspace
from tests.support.postgres_server import postgres

__all__ = ["made", "new_place", "on", "postgres", "workspace", "workspace_place"]

ON_A_SERVER_IN_THE_GATE = {
    "test_key_stores",
    "test_key_stores_keyring",
    "test_seal_keys",
    "test_seal_review",
    "test_trust_lists",
    "test_trust_decisions",
    "test_trust_log",
    "test_trust_in_force",
    "test_requests",
    "test_authorities",
    "test_damaged_settings_are_as_none_with_a_warning",
    "test_what_makes_no_sense_is_refused_and_changes_nothing",
    "test_what_is_wrong_is_found",
    "test_what_another_program_changed_judges_nothing_until_a_person_has_decided_again",
    "test_what_is_damaged_is_an_error_and_judges_nothing",
    "test_a_line_that_was_changed_or_taken_out_is_named",
    "test_a_plan_that_nobody_understands_leaves_nothing",
    "test_what_ended_or_says_nothing_of_whom_it_tests_leaves_nothing",
    "test_the_newest_counts_for_thirty_days",
}
"""Modules and tests that run on a server in the exhaustive run alone.

They are about trust lists and requests, whose SQL is that of the rest; about key stores, and what those do to
the database others show there (`test_shared_keys`); or about what is made of rows, wherever they come from.
"""


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave what shows nothing new on a server to the exhaustive run."""
    for item in items:
        names = {item.path.stem, item.name.partition("[")[0]}
        on_server = item.name.partition("[")[2].count("postgresql")
        if on_server == 2 or (on_server and names & ON_A_SERVER_IN_THE_GATE):
            item.add_marker(pytest.mark.exhaustive)
