"""What a screen reader does, from outside: reads the window through AT-SPI, presses, and reads again.

The system's Python runs it, for only that has `gi.repository.Atspi`. It prints what it met as JSON.
"""

# mypy: ignore-errors
from __future__ import annotations

import json
import sys
import time

import gi

gi.require_version("Atspi", "2.0")
from gi.repository import Atspi  # noqa: E402

DEADLINE_S = 20.0


def wait_for(find, what):
    """Return what `find` finds, once it does."""
    until = time.monotonic() + DEADLINE_S
    while time.monotonic() < until:
        try:
            found = find()
        except Exception:  # noqa: BLE001 - what is gone meanwhile is looked for anew
            found = None
        if found is not None:
            return found
        time.sleep(0.02)
    raise SystemExit(f"{what} did not come")


def application():
    """Return the program on the desktop; None before it is there."""
    desktop = Atspi.get_desktop(0)
    children = [desktop.get_child_at_index(place) for place in range(desktop.get_child_count())]
    return next((one for one in children if one is not None and one.get_name() == "trustdesk"), None)


def control(within, role, name):
    """Return a control in view below an object; None where there is none."""
    for place in range(within.get_child_count()):
        child = within.get_child_at_index(place)
        # What is not in view is passed over with all that stands in it: each question crosses a bus.
        if child is None or not child.get_state_set().contains(Atspi.StateType.SHOWING):
            continue
        # Older versions of AT-SPI say "push button".
        if child.get_name() == name and child.get_role_name().removeprefix("push ") == role:
            return child
        found = control(child, role, name)
        if found is not None:
            return found
    return None


def press(one):
    """Do the first thing that can be done to a control."""
    Atspi.Action.do_action(one, 0)


def main() -> None:
    """Walk from the empty Overview to the target of a handshake, and type there."""
    trustdesk = wait_for(application, "the program")
    met = {}

    def told(role, name):
        found = wait_for(lambda: control(trustdesk, role, name), f"{role} {name!r}")
        met[name] = found.get_description()
        return found

    told("button", "Load a trust list …")
    press(told("button", "Test a partner …"))
    target = told("text", "Target")
    Atspi.EditableText.set_text_contents(target, "1r.nordwind.example")
    met["typed"] = Atspi.Text.get_text(target, 0, -1)
    press(told("radio button", "Trust lists"))
    told("combo box", "Parts of the page: Lists")
    json.dump(met, sys.stdout)


main()
