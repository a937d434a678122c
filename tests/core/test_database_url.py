"""A database's URL: read, written again, refused with a secret in it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trustdesk.core.database_url import DatabaseUrl, is_database_url
from trustdesk.core.errors import UnusableInputError


@pytest.mark.parametrize(
    ("text", "host", "port", "user", "database"),
    [
        ("postgresql://desk@db.example/board", "db.example", 5432, "desk", "board"),
        ("postgres://desk@DB.example:5433/board", "DB.example", 5433, "desk", "board"),
        ("postgresql://desk@[2001:db8::1]:5433/board", "2001:db8::1", 5433, "desk", "board"),
        ("postgresql://a%40b@db.example/my%20desk", "db.example", 5432, "a@b", "my desk"),
        ("postgresql://desk@/board?host=/run/postgresql", "/run/postgresql", 5432, "desk", "board"),
    ],
)
def test_what_stands_in_it_is_read(text: str, host: str, port: int, user: str, database: str) -> None:
    url = DatabaseUrl.parse(text)
    assert (url.host, url.port, url.user, url.database) == (host, port, user, database)
    assert str(DatabaseUrl.parse(str(url))) == str(url)


@pytest.mark.parametrize(
    "text",
    [
        "postgresql://desk:hunter2@db.example/board",
        "postgresql://desk:@db.example/board",
        "postgresql://desk@db.example/board?password=hunter2",
        "postgresql://desk@db.example/board?sslmode=require&sslpassword=hunter2",
    ],
)
def test_a_password_in_it_is_refused_and_not_repeated(text: str) -> None:
    with pytest.raises(UnusableInputError) as caught:
        DatabaseUrl.parse(text)
    assert "password stands in the URL" in caught.value.problem.id
    assert "hunter2" not in f"{caught.value!r}{caught.value}{caught.value.problem}{caught.value.remedy}"


@pytest.mark.parametrize(
    "text",
    [
        "mysql://desk@db.example/board",
        "postgresql://db.example/board",
        "postgresql://@db.example/board",
        "postgresql://desk@/board",
        "postgresql://desk@db.example",
        "postgresql://desk@db.example/a/b",
        "postgresql://desk@one.example,two.example/board",
        "postgresql://desk@db.example:0/board",
        "postgresql://desk@db.example:99999/board",
        "postgresql://desk@db.example/board?options=-csearch_path%3Devil",
        "postgresql://desk@db.example/board?sslmode=prefer",
        "postgresql://desk@db.example/bo%00ard",
    ],
)
def test_what_is_no_whole_url_is_refused(text: str) -> None:
    with pytest.raises(UnusableInputError):
        DatabaseUrl.parse(text)


@pytest.mark.parametrize(
    ("text", "local"),
    [
        ("postgresql://desk@localhost/board", True),
        ("postgresql://desk@127.0.0.1/board", True),
        ("postgresql://desk@[::1]/board", True),
        ("postgresql://desk@/board?host=/run/postgresql", True),
        ("postgresql://desk@localhost.example/board", False),
        ("postgresql://desk@10.0.0.1/board", False),
    ],
)
def test_what_stays_on_this_machine_is_known(text: str, local: bool) -> None:
    assert DatabaseUrl.parse(text).is_local is local


def test_how_it_is_reached_is_no_part_of_what_it_is() -> None:
    plain = DatabaseUrl.parse("postgresql://desk@db.example/board")
    assert DatabaseUrl.parse("postgresql://desk@DB.example/board?sslmode=verify-ca").address == plain.address
    assert is_database_url(str(plain))
    assert not is_database_url("/home/desk")
    assert not is_database_url("C://desk")


@pytest.mark.parametrize("scheme", ["postgresql+psycopg", "PostgreSQL", "postgres", "mysql", "jdbc"])
def test_no_url_is_taken_for_a_folder_with_a_password_in_its_name(scheme: str) -> None:
    text = f"{scheme}://halden:geheim@db.example/desk"
    assert is_database_url(text)
    with pytest.raises(UnusableInputError) as refused:
        DatabaseUrl.parse(text)
    assert "geheim" not in str(refused.value)


def test_a_scheme_is_read_in_any_case() -> None:
    assert DatabaseUrl.parse("PostgreSQL://h@db/desk") == DatabaseUrl.parse("postgresql://h@db/desk")


@given(st.text(max_size=40))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        url = DatabaseUrl.parse(f"postgresql://{text}")
    except UnusableInputError:
        return
    assert DatabaseUrl.parse(str(url)) == DatabaseUrl.parse(str(DatabaseUrl.parse(str(url))))
