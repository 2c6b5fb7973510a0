"""Tasks, goals and performances as a document names them, and where a performance hangs in them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from assets.documents.records import Outline
from assets.documents.structure import headings
from assets.documents.structure.page_lines import Line

_GOAL_LENGTH = 150


class Tree:
    """Numbers and titles of tasks, goals and performances; the first title that is said counts."""

    def __init__(self) -> None:
        self._tasks: dict[str, str] = {}
        self._goals: dict[str, str] = {}
        self._named: dict[str, str] = {}

    def above(self, text: str, *, marked: bool) -> None:
        """Take the heading of a task or goal."""
        if task := headings.task_title(text, marked=marked):
            self._tasks.setdefault(*task)
        elif goal := headings.goal_title(text, marked=marked):
            self._goals.setdefault(*goal)

    def look(self, line: Line, *, in_tree: bool) -> None:
        """Take what an item of a site map, or a line of a goal tree, says of a task or goal."""
        text = headings.without_page_number(line.text)
        if not (in_tree or text != line.text):
            return
        if (task := headings.task_title(text)) or (task := headings.tree_task(text)):
            self._tasks.setdefault(*task)
        elif goal := headings.goal_title(text):
            self._goals.setdefault(*goal)

    def name(self, pairs: list[tuple[str, str]], lines: Sequence[Line], place: int) -> None:
        """Take performances that a line names. The line directly above it, if it has no number and
        no end of a sentence, is the title of their goal: so the goal trees of the first
        generation have it."""
        for code, title in pairs:
            self._named.setdefault(code, title)
        above = lines[place - 1] if place else None
        goals = {goal_of(code) for code, _ in pairs}
        if above is None or lines[place].gap or len(pairs) < 2 or len(goals) > 1:
            return
        text = above.text
        numbered = text[:1].isdigit() or headings.listed(text)
        if not numbered and len(text) <= _GOAL_LENGTH and not text.endswith((".", ":", ";", ",")):
            self._goals.setdefault(goals.pop(), text)

    def placed(self, outline: Outline) -> Outline:
        """A performance with its goal and task: numbers from its own number, titles where said."""
        parts = outline.code.split(".")
        if len(parts) != 3 or not all(part.isdigit() for part in parts):
            return outline
        goal, task = goal_of(outline.code), parts[0]
        return replace(
            outline,
            goal_code=goal,
            goal_title=self._goals.get(goal),
            task_code=task,
            task_title=self._tasks.get(task),
        )

    def listed(self) -> list[Outline]:
        """The performances that are named, in order."""
        return [self.placed(Outline(code, title)) for code, title in self._named.items()]


def goal_of(code: str) -> str:
    """The number of the goal that a performance serves: 5.1 of 5.1.2."""
    return code.rpartition(".")[0]
