"""The `laurel` command. `verify` and `lint` run here; everything else is an HTTP client of the running house."""

from __future__ import annotations

import typer

from laurel import __version__
from laurel.commands import (
    access,
    account,
    backfill,
    corrections,
    credentials,
    houses,
    keys,
    linting,
    offerings,
    parked,
    platforms,
    refusals,
    trust,
    verifying,
)
from laurel.terminal import console

main = typer.Typer(
    no_args_is_help=True,
    pretty_exceptions_enable=False,  # its tracebacks print local values: tokens, keys, names
    help="Laurel: EU micro-credentials from completion to verdict.",
)
main.command("up")(houses.up)
main.command("demo")(houses.demo)
main.add_typer(offerings.commands, name="offering")
main.command("issue")(credentials.issue)
main.command("verify")(verifying.verify)
main.command("lint")(linting.lint_file)
main.command("revoke")(credentials.revoke)
main.command("suspend")(credentials.suspend)
main.command("reinstate")(credentials.reinstate)
main.command("erase")(credentials.erase)
main.add_typer(platforms.commands, name="platforms")
main.add_typer(corrections.commands, name="corrections")
main.add_typer(trust.commands, name="trust")
main.add_typer(access.commands, name="tokens")
main.add_typer(keys.commands, name="keys")
main.add_typer(parked.commands, name="parked")
main.add_typer(refusals.commands, name="refusals")
main.command("account")(account.account)
main.command("backfill")(backfill.backfill)


@main.command()
def version() -> None:
    """Say which Laurel this is."""
    console.print(__version__, highlight=False)
