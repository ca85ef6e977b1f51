"""The `towpath` command: the list of commands, and the one place where errors become exit codes.

Commands are imported only when they run, so that `towpath lint` starts in a blink.
"""

from __future__ import annotations

import importlib
import os
import sys
from typing import NoReturn

import click

import towpath
from towpath.model.errors import TowpathError, UsageError

COMMANDS: dict[str, tuple[str, str]] = {
    # name: (module:object, one line for the overview), in the order people meet them
    "init": ("towpath.cli.init:init", "Make a runbook repository here."),
    "new": ("towpath.cli.new:new", "Write a runbook, by questions or by flags."),
    "lint": ("towpath.cli.lint:lint", "Check every runbook of the repository."),
    "explain": ("towpath.cli.explain:explain", "Explain a lint rule, with examples."),
    "show": ("towpath.cli.show:show", "Print a runbook, with everything filled in."),
    "evidence": ("towpath.cli.evidence:evidence", "Import evaluation results."),
    "gate": ("towpath.cli.gate:gate", "Judge whether the next stage may be entered."),
    "power": ("towpath.cli.power:power", "Say what an evaluation could decide."),
    "watch-task": ("towpath.cli.watch_task:watch_task", "Propose the task to watch, from the evidence."),
    "status": ("towpath.cli.status:status", "Now, next, when, and why not."),
    "promote": ("towpath.cli.promote:promote", "Open the pull request for the next stage."),
    "rollback": ("towpath.cli.rollback:rollback", "Open the pull request that goes back."),
    "hold": ("towpath.cli.hold:hold", "Block promotions of a migration."),
    "resume": ("towpath.cli.resume:resume", "Clear a hold or a rollback."),
    "close": ("towpath.cli.close:close", "Finish a migration after its last stage."),
    "pr": ("towpath.cli.pr:pr", "List, show, merge and close pull requests."),
    "export": ("towpath.cli.export:export", "Write the files that route traffic."),
    "audit": ("towpath.cli.audit:audit", "Prove the history of every migration."),
    "demo": ("towpath.cli.demo:demo", "See the whole way on real recorded evidence."),
}


class CommandList(click.Group):
    """A group whose commands are imported when asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Every command, in reading order."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import one command; unknown names get a suggestion from `resolve_command`."""
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name][0].partition(":")
        command: click.Command = getattr(importlib.import_module(module), name)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """As click does, with did-you-mean."""
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            from difflib import get_close_matches

            close = get_close_matches(args[0], COMMANDS, n=1)
            hint = f" Did you mean {close[0]}?" if close else ""
            ctx.fail(f"There is no command {args[0]!r}.{hint}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The overview, without importing anything."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in COMMANDS.items()])


@click.group(cls=CommandList, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(towpath.__version__, prog_name="towpath")
def cli() -> None:
    """Model migrations as policy-checked, evidence-gated pull requests.

    A runbook in runbooks/ says which model replaces which, in which stages, and what each stage must prove. Start
    with `towpath demo` to see the whole way, or `towpath init` and `towpath new` to make your own.

    Exit codes: 0 done, clean, pass; 1 a negative answer (findings, fail); 2 usage, environment or error;
    3 cannot tell, no data, not due yet; 75 try again; 130 interrupted.

    Shell completion: eval "$(_TOWPATH_COMPLETE=bash_source towpath)", likewise zsh_source and fish_source.
    """


def _refuse_bytes(arguments: list[str]) -> None:
    """Arguments end up in files and records, which are UTF-8."""
    for argument in arguments:
        try:
            argument.encode()
        except UnicodeEncodeError:
            raise UsageError("an argument is not UTF-8 text", "write it in UTF-8") from None


def main() -> NoReturn:
    """Run the command; every expected failure ends in one line that says what to do."""
    try:
        _refuse_bytes(sys.argv[1:])
        code = cli.main(standalone_mode=False)
    except click.exceptions.Abort:
        click.echo("interrupted", err=True)
        sys.exit(130)
    except click.ClickException as problem:
        problem.show()
        sys.exit(problem.exit_code)
    except TowpathError as problem:
        from towpath.report.codeframe import visible

        # messages quote files and branch names, which are untrusted
        click.echo(f"{click.style('error:', fg='red', bold=True)} {visible(str(problem))}", err=True)
        if problem.hint:
            click.echo(f"{click.style('hint:', fg='cyan')} {visible(problem.hint)}", err=True)
        sys.exit(problem.exit_code)
    except BrokenPipeError:
        # the reader (`head`, `less`) went away: not our failure; keep Python from complaining at exit
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    sys.exit(code if isinstance(code, int) else 0)


if __name__ == "__main__":
    main()
