"""What assistive technology is told of a window: its tree of roles, names, descriptions and states."""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtWidgets import QWidget

from trustdesk.gui import accessible

Role = QAccessible.Role
_MOST_CELLS = 60
_VIEWS = frozenset({Role.Table, Role.Tree, Role.List})
_NOTHING = frozenset({Role.NoRole, Role.Client, Role.Border, Role.Pane})
_VALUED = frozenset({Role.ComboBox, Role.EditableText, Role.SpinBox, Role.ProgressBar})
_CONTROLS = _VALUED | {
    *(Role.Button, Role.CheckBox, Role.RadioButton, Role.Link, Role.PageTab, Role.PageTabList, Role.Slider),
    *(Role.Table, Role.Tree, Role.List, Role.ListItem, Role.MenuItem, Role.ColumnHeader, Role.Cell),
    *(Role.Dialog, Role.Chart),
}
# Qt names a bar of tabs by its current tab, and describes it by a tooltip only.
_DESCRIBED = _CONTROLS - {Role.Cell, Role.ListItem, Role.Dialog, Role.PageTabList}


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One thing in the tree.

    Attributes:
        kind: class of the object behind it; empty for cells, which have none.
        path: kinds and names of what it stands in, outermost first.
    """

    role: Role
    name: str
    description: str
    value: str
    kind: str
    path: tuple[str, ...]
    focusable: bool
    focused: bool
    disabled: bool

    def __str__(self) -> str:
        return f"{self.role.name} {self.kind} {self.name!r} in {' > '.join(self.path[-3:])}"


def told(root: QWidget) -> list[Told]:
    """Return what is in view below a widget, in its order; of large tables the first cells."""
    accessible.install()
    interface = QAccessible.queryAccessibleInterface(root)
    assert interface is not None
    found = list(_walk(interface, ()))
    if accessible.describe_waiting():
        found = list(_walk(interface, ()))
    del interface
    # The wrappers must not outlive the widgets that they stand for. They are young: nothing is collected
    # within a test of the window, and all of a long run's memory need not be walked through for each.
    gc.collect(0)
    return found


def name_of(widget: QWidget) -> str:
    """Return what is said of one widget."""
    accessible.install()
    interface = QAccessible.queryAccessibleInterface(widget)
    assert interface is not None
    return interface.text(QAccessible.Text.Name)


def _walk(interface: QAccessibleInterface, path: tuple[str, ...]) -> Iterator[Told]:
    state = interface.state()
    if state.invisible:
        return
    held = interface.object()
    role = interface.role()
    # A part that is painted has no object, whatever the stubs say.
    kind = "" if held is None else type(held).__name__  # type: ignore[redundant-expr]
    name = interface.text(QAccessible.Text.Name)
    count = interface.childCount()
    yield Told(
        role=role,
        name=name,
        description=interface.text(QAccessible.Text.Description),
        value=interface.text(QAccessible.Text.Value),
        kind=kind,
        path=path,
        focusable=bool(state.focusable),
        focused=bool(state.focused),
        disabled=bool(state.disabled),
    )
    inner = (*path, f"{kind or role.name}({name})")
    for place in range(min(count, _MOST_CELLS) if role in _VIEWS else count):
        child = interface.child(place)
        if child.isValid():
            yield from _walk(child, inner)


def complaints(things: Iterable[Told]) -> list[str]:
    """Return what is wrong with what was told, in words; each thing once."""
    found = {f"{why}: {one}" for one in things for why in _wrong(one)}
    return sorted(found)


def _wrong(one: Told) -> Iterator[str]:
    asks = one.role in _CONTROLS or one.focusable
    if asks and not one.name.strip():
        yield "no name"
    if one.focusable and one.role in _NOTHING:
        yield "no role"
    if one.role in _VALUED and one.name == one.value:
        yield "named by its value alone"
    if one.role in _DESCRIBED and one.kind and one.focusable and not one.description:
        yield "no description"
    if one.description.startswith("<") and one.description.endswith(">"):
        yield "markup"
