"""`zhuoyue user` and `zhuoyue key`: what an operator does at the machine."""

import json

import pytest
import sqlalchemy as sa

from features import journal
from features.settings import Settings
from features.store.database import open_database
from serving.access import Role, Scope
from serving.access.accounts import Accounts
from serving.access.first import who_comes_in
from tests.command import zhuoyue


@pytest.fixture
def run(tmp_path):
    def asked(*words, **more):
        return zhuoyue(*words, "--format", "json", ZHUOYUE_HOME=tmp_path, **more)

    return asked


@pytest.fixture
def engine(tmp_path):
    engine = open_database(Settings(home=tmp_path))
    yield engine
    engine.dispose()


def test_a_user_is_made_changed_switched_off_and_all_of_it_is_journalled(run, engine):
    made = json.loads(
        run("user", "add", "li", "--role", "engineer", "--enterprise", "E1", "--region", "33").stdout
    )
    assert made["must_change"]
    user = Accounts(engine).check("li", made["password"])
    assert (user.roles, user.scope) == ({Role.ENGINEER}, Scope(frozenset({"E1"}), ("33",)))
    changed = json.loads(run("user", "change", "li", "--role", "planner").stdout)
    assert (changed["roles"], changed["enterprises"]) == ("planner", "E1")
    assert json.loads(run("user", "off", "li").stdout)["active"] is False
    assert Accounts(engine).check("li", made["password"]) is None
    assert json.loads(run("user", "on", "li").stdout)["active"] is True
    again = json.loads(run("user", "password", "li").stdout)
    assert Accounts(engine).check("li", again["password"]).must_change
    with engine.connect() as connection:
        told = journal.history(connection, "user:li", -1)
        assert journal.verify(connection).faults == ()
    assert [one.action for one in told if one.field in {"roles", "active", "must_change"}] == [
        "user added", "user changed", "user changed", "user changed", "password set",
    ]  # fmt: skip
    assert not [one for one in told if made["password"] in str(one) or "argon2" in str(one)]


def test_a_password_from_standard_input_is_not_told(run, engine):
    answer = run("user", "add", "li", "--password-stdin", stdin=b"a password of my own\n")
    assert "password" not in json.loads(answer.stdout)
    assert Accounts(engine).check("li", "a password of my own")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["user", "add", "x y"], "is no user name"),
        (["user", "add", "x", "--role", "boss"], "engineer, planner, scientist, assessor, admin"),
        (["user", "add", "x", "--region", "3"], "GB/T 2260"),
        (["user", "add", "x", "--password-stdin"], "at least 12 characters"),
        (["user", "off", "x"], "no user 'x'"),
        (["key", "revoke", "7"], "no key 7"),
        (["key", "make", " "], "says what it is for"),
    ],
)
def test_what_cannot_be_is_said_plainly(run, words, said):
    answer = run(*words, stdin=b"short\n")
    assert answer.returncode == 2
    assert said in answer.stderr


def test_the_last_administrator_cannot_be_switched_off(run):
    run("user", "add", "chen", "--role", "admin")
    for words in (["user", "off", "chen"], ["user", "change", "chen", "--role", "planner"]):
        answer = run(*words)
        assert answer.returncode == 2
        assert "last active administrator" in answer.stderr
    run("user", "add", "li", "--role", "admin")
    assert run("user", "off", "chen").returncode == 0


def test_a_key_is_told_once_and_kept_as_a_hash(run, engine):
    made = json.loads(run("key", "make", "MES", "--role", "engineer", "--enterprise", "E1").stdout)
    (row,) = json.loads(run("key", "list").stdout)
    assert "key" not in row
    assert made["key"].startswith(row["begins"])
    with engine.connect() as connection:
        stored = str(connection.execute(sa.text("SELECT * FROM api_keys")).all())
        told = str(journal.history(connection, f"key:{made['id']}", -1))
    assert made["key"] not in stored + told
    assert json.loads(run("key", "revoke", made["id"]).stdout)[0]["revoked_at"]
    assert run("key", "revoke", made["id"]).returncode == 2


def test_the_first_start_says_the_password_once(tmp_path):
    settings = Settings(home=tmp_path)
    assert "sign in as admin with the password" in who_comes_in(settings, False)
    assert who_comes_in(settings, False).startswith("Sign in with your account")
    assert "administrator here" in who_comes_in(settings, True)


def test_serve_open_is_for_this_machine_only(run, tmp_path):
    answer = zhuoyue("serve", "--open", "--host", "0.0.0.0", ZHUOYUE_HOME=tmp_path)
    assert answer.returncode == 2
    assert "--open lets in whoever comes" in answer.stderr
