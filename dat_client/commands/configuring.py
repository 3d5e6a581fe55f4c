"""Set a home up: configuration, request key, manifest, and a check of all of it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer

from dat_client import clock
from dat_client.commands.terminal import Json, home_of, open_client, say, write_json, write_rows
from dat_client.configuration import Configuration, load_configuration, make_configuration, save_configuration
from dat_client.doctor import examine
from dat_client.request_key import Algorithm, generate_request_key, load_request_key, public_jwk

manifest_app = typer.Typer(no_args_is_help=True, help="The signed list of all public keys (manifest).")


def configure(
    context: typer.Context,
    *,
    hub_url: Annotated[str, typer.Option(prompt="URL of the hub", help="https://hub.example")],
    hub_id: Annotated[str, typer.Option(prompt="Name of the hub", help="As in the manifest.")],
    organisation_id: Annotated[
        str, typer.Option(prompt="Your organisation's id", help="UUID, from the hub.")
    ],
    client_id: Annotated[str, typer.Option(prompt="Your client id", help="As registered with your key.")],
    root_key: Annotated[
        str, typer.Option(prompt="Public key of the manifest root", help="base64url; check it on paper.")
    ],
    holder_url: Annotated[list[str], typer.Option(help="URL of a key holder; repeat for each.")],
    scheme: Annotated[
        list[str] | None, typer.Option(help="bsn, demographic, household; repeat. Default: demographic.")
    ] = None,
    reporter: Annotated[str | None, typer.Option(help="Your own pseudonymous reporter id (melder).")] = None,
    ca: Annotated[Path | None, typer.Option(help="File of certificate authorities (PEM).")] = None,
    postcodes: Annotated[
        Path | None, typer.Option(help="Table of postcodes and municipalities (CBS), for the residence.")
    ] = None,
    kind: Annotated[str | None, typer.Option(help="Your kind of organisation, such as school.")] = None,
    basis: Annotated[
        list[str] | None, typer.Option(help="Legal basis for the desk page; repeat, the usual one first.")
    ] = None,
    signal_kind: Annotated[
        list[str] | None,
        typer.Option(help="contact, concern: what your covenant takes; repeat. Default: contact."),
    ] = None,
    algorithm: Annotated[Algorithm, typer.Option(help="Kind of request key.")] = "EdDSA",
) -> None:
    """Write client.toml, make a request key, and print its public half to be registered.

    The public key is registered at the hub and at each key holder separately.

    Example: dat configure --hub-url https://hub.example --holder-url https://keys.example ...
    """
    home = home_of(context)
    configuration = make_configuration(
        {
            "hub_url": hub_url,
            "holder_urls": holder_url,
            "hub_id": hub_id,
            "organisation_id": organisation_id,
            "client_id": client_id,
            "root_public": root_key,
            "schemes": scheme or ["demographic"],
            "reporter": reporter,
            "ca_file": str(ca) if ca else None,
            "postcode_table": str(postcodes) if postcodes else None,
            "partner_kind": kind,
            "legal_bases": basis or [],
            "signal_kinds": signal_kind or ["contact"],
        }
    )
    save_configuration(home, configuration)
    if not (home / configuration.request_key).exists():
        generate_request_key(home / configuration.request_key, algorithm=algorithm)
    say("Configured. Have this public key registered at the hub and at each key holder, separately:")
    _print_public_key(home, configuration)


def keygen(
    context: typer.Context,
    show: Annotated[bool, typer.Option("--show", help="Only print the key that is there.")] = False,
    algorithm: Annotated[Algorithm, typer.Option(help="EdDSA or ES256.")] = "EdDSA",
) -> None:
    """Make a request key and print its public half; an existing key is never replaced.

    Example: dat keygen --show
    """
    home = home_of(context)
    configuration = load_configuration(home)
    if not show:
        generate_request_key(home / configuration.request_key, algorithm=algorithm)
    _print_public_key(home, configuration)


def _print_public_key(home: Path, configuration: Configuration) -> None:
    write_json(public_jwk(load_request_key(home / configuration.request_key)))


@manifest_app.command("refresh")
def refresh(context: typer.Context, as_json: Json = False) -> None:
    """Fetch the manifest from a key holder and store it if the pinned root signed it.

    Example: dat manifest refresh
    """
    with open_client(context) as client:
        client.refresh_manifest()
    show(context, as_json=as_json)


@manifest_app.command("show")
def show(context: typer.Context, as_json: Json = False) -> None:
    """Show what the manifest in use says.

    Example: dat manifest show --json
    """
    with open_client(context) as client:
        manifest = client.get_manifest()
    facts = {
        "hub_id": manifest.hub_id,
        "normalisation": manifest.normalisation,
        "valid_until": manifest.valid_until.isoformat(),
        "keys": [f"{scheme} epoch {epoch}" for scheme, epoch in sorted(manifest.keys)],
    }
    if as_json:
        write_json(facts)
    else:
        write_rows(("field", "value"), [(name, str(value)) for name, value in facts.items()])


def doctor(context: typer.Context, as_json: Json = False) -> None:
    """Check configuration, keys, manifest, clock, hub and key holders; exit 1 when something is wrong.

    Example: dat doctor
    """
    with open_client(context) as client:
        findings = list(examine(client, soon=clock.now() + timedelta(days=2)))
    if as_json:
        write_json([{"check": name, "ok": ok, "hint": hint} for name, ok, hint in findings])
    else:
        write_rows(
            ("check", "state", "hint"), [(name, "ok" if ok else "WRONG", hint) for name, ok, hint in findings]
        )
    if not all(ok for _, ok, _ in findings):
        raise typer.Exit(1)
