"""The embedded forge: pull requests on a bare repository, with no server.

Everything is objects and refs, so any git client can read it:

    refs/heads/<branch>          branches, as everywhere
    refs/forge/pulls/<number>    the events of a pull request (`events.py`)
    refs/forge/open/<branch>     its lock: a branch has at most one open pull request
    refs/forge/pushed/<branch>   the last commit that came through `push_branch`; anything else is a person's work

All refs of a step move in one transaction, each from where it was seen. A killed process leaves either everything or
nothing of a step; objects without a ref are harmless. No work tree is ever read, checked out, reset or written.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from towpath.forge.events import FILE, Event, event, pull_request, read_events, write_events
from towpath.git.history import between, changed_paths, commits_of, is_ancestor, merge_base
from towpath.git.running import Git, require_merge_tree
from towpath.git.tree import CommitFiles, read_blobs
from towpath.git.writing import RefMoved, move_refs, write_blob, write_commit, write_tree
from towpath.model.errors import EnvironmentProblem, TryAgain, UsageError
from towpath.model.history import Landing

if TYPE_CHECKING:
    from pathlib import Path

    from towpath.model.change import Edit
    from towpath.model.forge import Moment, PullRequest, State
    from towpath.model.snapshot import Files

_PULLS = "refs/forge/pulls"
_ATTEMPTS = 20
_PLAN_AGAIN = "plan it again on the newer base: towpath promote (or the command that opened it)"

# the port has a method named `list`, which hides the type inside the class
Events = list[Event]
Names = list[str]


class LocalForge:
    """Implements `towpath.model.forge.Forge` on a bare repository."""

    def __init__(self, bare: Path) -> None:
        self._git = Git(bare)
        self._bare = bare

    # reading

    def branch_head(self, branch: str) -> str | None:
        """The commit at a branch's tip, or None."""
        return self._git.commit(f"refs/heads/{branch}")

    def files(self, commit: str) -> Files:
        """The tree of a commit."""
        return CommitFiles(self._bare, commit)

    def landings(self, branch: str, path: str) -> tuple[Landing, ...]:
        """Commits of the branch that changed a file; only merges of this forge have a moment."""
        tip = self.branch_head(branch)
        if tip is None:
            raise EnvironmentProblem(f"there is no branch {branch}", f"push it first: git push origin {branch}")
        moments = {pull.merge_commit: pull.ended for pull in self.list("merged")}
        return tuple(
            Landing(commit=commit, at=moment.at, simulated=moment.simulated)
            if (moment := moments.get(commit)) is not None
            else Landing(commit=commit, at=None)
            for commit in commits_of(self._git, tip, path)
        )

    def foreign(self, branch: str, base_branch: str) -> tuple[str, ...]:
        """Commits of the branch, not on the base, that did not come through `push_branch`."""
        tip, pushed = self._tip_and_mark(branch)
        # another towpath may be moving both right now: only what is seen twice is a person's work
        while tip is not None and tip != pushed and (tip, pushed) != (again := self._tip_and_mark(branch)):
            tip, pushed = again
        base = self.branch_head(base_branch)
        if tip is None or tip == pushed or base is None:
            return ()
        return tuple(one for one in between(self._git, base, tip) if one != pushed)

    def find(self, branch: str, state: State | None = None) -> tuple[PullRequest, ...]:
        """Pull requests of one branch, newest first."""
        return tuple(pull for pull in self.list(state) if pull.branch == branch)

    def list(self, state: State | None = None) -> tuple[PullRequest, ...]:
        """Every pull request, newest first."""
        numbers = [int(ref.rpartition("/")[2]) for ref in self._refs(_PULLS)]
        names = [f"{_PULLS}/{number}:{FILE}" for number in numbers]
        pulls = [
            self._state(number, read_events(data, number))
            for number, data in zip(numbers, read_blobs(self._git, names) if names else [], strict=True)
        ]
        return tuple(
            sorted(
                (pull for pull in pulls if state is None or pull.state == state),
                key=lambda pull: pull.number,
                reverse=True,
            )
        )

    def get(self, number: int) -> PullRequest:
        """One pull request."""
        return self._state(number, self._events(number)[1])

    def changes(self, number: int) -> tuple[tuple[str, bytes | None, bytes | None], ...]:
        """What a pull request changes against where it left its base."""
        pull = self.get(number)
        tip = f"{pull.merge_commit}^" if pull.merge_commit else self.branch_head(pull.base_branch) or pull.head
        base = merge_base(self._git, tip, pull.head)
        if base is None:
            raise EnvironmentProblem(f"pull request {number} shares no history with {pull.base_branch}")
        before, after = CommitFiles(self._bare, base), CommitFiles(self._bare, pull.head)
        paths = [path for path in {*before.paths(""), *after.paths("")} if before.blob(path) != after.blob(path)]
        return tuple((path, before.read(path), after.read(path)) for path in sorted(paths))

    # writing

    def push_branch(
        self,
        branch: str,
        *,
        base: str,
        edits: tuple[Edit, ...],
        message: str,
        expected: str | None,
        now: Moment,
        by: str,
    ) -> str:
        """Make the branch one commit on `base` with these edits."""
        files = CommitFiles(self._bare, base)
        for edit in edits:
            if files.read(edit.path) != edit.before:
                raise TryAgain(f"{edit.path} is not what the change was planned on", "run it again to plan it anew")
        pushed = self._git.commit(f"refs/forge/pushed/{branch}")
        if expected is not None and expected != pushed:
            raise TryAgain(f"{branch} holds somebody's own commits", "they are never overwritten")
        tree = write_tree(self._git, base, {edit.path: edit.after for edit in edits})
        commit = write_commit(self._git, tree, (base,), message, at=now.at, by=by)
        if commit != expected or pushed != commit:
            self._refuse_checked_out(branch)
            self._move({f"refs/heads/{branch}": (expected, commit), f"refs/forge/pushed/{branch}": (pushed, commit)})
        return commit

    def open(
        self,
        *,
        branch: str,
        base_branch: str,
        head: str,
        title: str,
        body: str,
        labels: tuple[str, ...],
        reviewers: tuple[str, ...],
        now: Moment,
        by: str,
    ) -> PullRequest:
        """Open a pull request; creating its lock is what makes it the only one."""
        if self.branch_head(branch) != head:
            raise TryAgain(f"{branch} moved in the meantime", "run it again")
        first = event(
            "opened",
            now,
            by,
            branch=branch,
            base=base_branch,
            head=head,
            title=title,
            body=body,
            labels=list(labels),
            reviewers=list(reviewers),
        )
        start = self._write([first], None, now)
        lock = f"refs/forge/open/{branch}"
        for _ in range(_ATTEMPTS):
            if self._git.commit(lock):
                raise TryAgain(f"{branch} has an open pull request already", "run it again")
            number = 1 + max((int(ref.rpartition("/")[2]) for ref in self._refs(_PULLS)), default=0)
            try:
                self._move(
                    {
                        f"{_PULLS}/{number}": (None, start),
                        lock: (None, start),
                        f"refs/heads/{branch}": (head, head),
                    }
                )
            except RefMoved:
                # somebody took the number; whether they took the lock too is seen in the next round
                continue
            return self.get(number)
        raise TryAgain("too many pull requests are being opened at once", "run it again")

    def retitle(self, number: int, *, title: str, body: str, now: Moment, by: str) -> PullRequest:
        """New title and body; the same ones change nothing."""
        pull = self._open_one(number)
        if (pull.title, pull.body) != (title, body):
            self._append(number, event("retitled", now, by, title=title, body=body), now)
        return self.get(number)

    def comment(self, number: int, text: str, *, now: Moment, by: str) -> PullRequest:
        """Add a remark."""
        self._append(number, event("commented", now, by, text=text), now)
        return self.get(number)

    def approve(self, number: int, *, head: str, now: Moment, by: str) -> PullRequest:
        """Approve exactly this head."""
        if self._open_one(number).head != head:
            raise TryAgain(f"pull request {number} has a newer commit", "look at it again before approving")
        self._append(number, event("approved", now, by, head=head), now)
        return self.get(number)

    def close(self, number: int, *, reason: str, now: Moment, by: str) -> PullRequest:
        """Close without merging."""
        pull = self._open_one(number)
        closing = event("closed", now, by, reason=reason, head=pull.head)
        self._append(number, closing, now, unlock=pull.branch)
        return self.get(number)

    def merge(self, number: int, *, head: str, now: Moment, by: str) -> PullRequest:
        """Land exactly this head as a merge commit.

        The base branch, the event and the lock move in one transaction, so that no merge is without its moment.
        """
        require_merge_tree(self._git)
        pull = self._open_one(number)
        self._refuse_checked_out(pull.base_branch)
        base = self.branch_head(pull.base_branch)
        if base is None:
            raise EnvironmentProblem(f"there is no branch {pull.base_branch} to merge into")
        if pull.head != head:
            raise TryAgain(f"pull request {number} has a newer commit", "look at it again before merging")
        if is_ancestor(self._git, head, base):
            raise TryAgain(f"pull request {number} has nothing to merge", "close it")
        status, output, problem = self._git.ask("merge-tree", "--write-tree", "--name-only", base, head)
        if status != 0:
            conflicts = output.decode("utf-8", "replace").split("\n\n")[0].splitlines()[1:]
            raise TryAgain(
                f"pull request {number} conflicts with {pull.base_branch} in {', '.join(conflicts) or problem.strip()}",
                _PLAN_AGAIN,
            )
        tree = output.decode().split("\n", 1)[0]
        self._refuse_mixed(pull, base, tree)
        title = " ".join(pull.title.split())
        message = f"Merge #{number}: {title}\n\nPull-Request: {number}\nMerged-By: {' '.join(by.split())}\n"
        commit = write_commit(self._git, tree, (base, head), message, at=now.at, by=by)
        landed = event("merged", now, by, head=head, commit=commit)
        self._append(
            number,
            landed,
            now,
            unlock=pull.branch,
            also={f"refs/heads/{pull.base_branch}": (base, commit), f"refs/heads/{pull.branch}": (head, head)},
        )
        return self.get(number)

    # inside

    def _tip_and_mark(self, branch: str) -> tuple[str | None, str | None]:
        """Where a branch is, and where `push_branch` left it."""
        names = (f"refs/heads/{branch}", f"refs/forge/pushed/{branch}")
        lines = self._git.line("for-each-ref", "--format=%(refname) %(objectname)", *names).splitlines()
        found = dict(line.split(" ") for line in lines)
        return found.get(names[0]), found.get(names[1])

    def _refs(self, prefix: str) -> Names:
        return self._git.line("for-each-ref", "--format=%(refname)", prefix).split()

    def _events(self, number: int) -> tuple[str, Events]:
        tip = self._git.commit(f"{_PULLS}/{number}")
        if tip is None:
            raise UsageError(f"there is no pull request {number}", "see: towpath pr list --all")
        return tip, read_events(read_blobs(self._git, [f"{tip}:{FILE}"])[0], number)

    def _state(self, number: int, events: Events) -> PullRequest:
        branch, base = events[0]["branch"], events[0]["base"]
        if events[-1]["type"] in ("merged", "closed") or any(one["type"] in ("merged", "closed") for one in events):
            return pull_request(number, events, events[0]["head"], ())
        return pull_request(number, events, self.branch_head(branch) or events[0]["head"], self.foreign(branch, base))

    def _open_one(self, number: int) -> PullRequest:
        pull = self.get(number)
        if pull.state != "open":
            raise UsageError(f"pull request {number} is {pull.state} already", "see: towpath pr list")
        return pull

    def _write(self, events: Events, parent: str | None, now: Moment) -> str:
        blob = write_blob(self._git, write_events(events))
        tree = self._git.line("mktree", stdin=f"100644 blob {blob}\t{FILE}\n".encode())
        parents = (parent,) if parent else ()
        return write_commit(self._git, tree, parents, events[-1]["type"], at=now.at, by=str(events[-1]["by"]))

    def _append(
        self,
        number: int,
        added: Event,
        now: Moment,
        *,
        unlock: str = "",
        also: dict[str, tuple[str | None, str | None]] | None = None,
    ) -> None:
        tip, events = self._events(number)
        moves: dict[str, tuple[str | None, str | None]] = {
            f"{_PULLS}/{number}": (tip, self._write([*events, added], tip, now))
        }
        if unlock:
            lock = f"refs/forge/open/{unlock}"
            moves[lock] = (self._git.commit(lock), None)
        self._move({**moves, **(also or {})})

    def _move(self, moves: dict[str, tuple[str | None, str | None]]) -> None:
        move_refs(self._git, moves)

    def _refuse_mixed(self, pull: PullRequest, base: str, tree: str) -> None:
        """Every file of the change lands as it is in the change; lines of both sides in one file were never judged."""
        start = merge_base(self._git, base, pull.head)
        if start is None:
            raise EnvironmentProblem(f"pull request {pull.number} shares no history with {pull.base_branch}")
        mixed = changed_paths(self._git, start, pull.head) & changed_paths(self._git, pull.head, tree)
        if mixed:
            raise TryAgain(
                f"{pull.base_branch} changed {', '.join(sorted(mixed))} after pull request {pull.number} was planned",
                _PLAN_AGAIN,
            )

    def _refuse_checked_out(self, branch: str) -> None:
        for block in self._git.line("worktree", "list", "--porcelain").split("\n\n"):
            lines = block.splitlines()
            if "bare" not in lines and f"branch refs/heads/{branch}" in lines:
                folder = lines[0].removeprefix("worktree ")
                raise EnvironmentProblem(
                    f"{branch} is checked out in {folder}: moving it would make the next commit there undo the change",
                    f"check out another branch there (git -C {folder} switch --detach), then run this again",
                )
