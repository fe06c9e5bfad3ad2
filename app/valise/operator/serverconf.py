"""The configuration of a server, written from the plan and never typed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from valise.operator import plan as plans
from valise.operator.plan import Node, Plan

PAYLOAD: Final = plans.MOST_LARGE + 2048
CERTIFICATE: Final = "server.crt"
KEY: Final = "server.key"
ROUTE_CERTIFICATE: Final = "route.crt"
ROUTE_KEY: Final = "route.key"
AUTHORITY: Final = "authority.crt"
ACCOUNTS: Final = "accounts.conf"


def text(plan: Plan, node: Node, folder: str) -> str:
    """nats-server.conf of this node; `folder`: where its files lie on the server."""
    old = plan.target == "2.9"
    sync = "" if old else "\n  sync_interval: always"
    lines = [
        f"# Written by valise relay config for nats-server {'2.9 (tests on one computer only)' if old else plan.target + ' or newer'}.",
        "# What is not here is not wanted: MQTT, leaf nodes, a user without credential, compression.",
        f'server_name: "{node.name}"',
        f'listen: "{node.bind}:{node.tls}"' if node.tls else f'listen: "127.0.0.1:{node.local}"  # operator and agent',
        f'http: "127.0.0.1:{node.monitor}"',
        f"max_payload: {PAYLOAD}",
        "max_connections: 4096",
        "max_subscriptions: 256",
        "max_pending: 8388608",
        'write_deadline: "10s"',
        'ping_interval: "30s"',
        "ping_max: 2",
        'lame_duck_duration: "30s"',
        'lame_duck_grace_period: "2s"',
        f'pid_file: "{node.state}/nats-server.pid"',
        f'jetstream {{\n  store_dir: "{node.state}/store"\n  max_memory_store: 1\n'
        f"  max_file_store: {_disk(plan)}{sync}\n}}",
        f'resolver {{\n  type: full\n  dir: "{node.state}/accounts"\n  allow_delete: false\n  interval: "5s"\n}}',
        f'include "{ACCOUNTS}"',
        f"websocket {{\n  listen: \"{node.bind}:{node.port}\"\n  {_tls(plan, folder)}\n  compression: false\n"
        '  same_origin: true\n  handshake_timeout: "5s"\n}',
    ]
    if node.tls:
        lines.append(_tls(plan, folder))
    if len(plan.nodes) > 1:
        lines.append(_cluster(plan, node, folder))
    return "\n".join(lines) + "\n"


def _disk(plan: Plan) -> int:
    """What all delegations together may fill, and room for eight more: a server is not configured anew for each."""
    return plan.capacity * (len(plan.delegations) + 8)


def _tls(plan: Plan, folder: str) -> str:
    certificate = plan.certificate or f"{folder}/{CERTIFICATE}"
    key = plan.key or f"{folder}/{KEY}"
    least = "" if plan.target == "2.9" else ', min_version: "1.3"'
    return f'tls {{ cert_file: "{certificate}", key_file: "{key}", timeout: 5{least} }}'


def _cluster(plan: Plan, node: Node, folder: str) -> str:
    routes = ", ".join(f'"tls://{one.host}:{one.routes}"' for one in plan.nodes if one != node)
    plain = "" if plan.target == "2.9" else "\n  compression: off"
    return (
        f'cluster {{\n  name: valise\n  listen: "{node.bind}:{node.routes}"\n  no_advertise: true{plain}\n'
        f'  tls {{ cert_file: "{folder}/{ROUTE_CERTIFICATE}", key_file: "{folder}/{ROUTE_KEY}",'
        f' ca_file: "{folder}/{AUTHORITY}", verify: true, timeout: 5 }}\n'
        f"  routes: [{routes}]\n}}"
    )


def accounts_text(operator: str, system: str, accounts: Mapping[str, str]) -> str:
    """What the server believes at its first start; what it was told later is newer and stays."""
    held = "\n".join(f"  {public}: {token}" for public, token in sorted(accounts.items()))
    return f"operator: {operator}\nsystem_account: {system}\nresolver_preload {{\n{held}\n}}\n"


UNIT: Final = """[Unit]
Description=Relay of sealed envelopes (NATS)
After=network-online.target
Wants=network-online.target

[Service]
Type=simple
User=valise-relay
Group=valise-relay
ExecStart=/usr/local/bin/nats-server -c {etc}/nats-server.conf
ExecReload=/bin/kill -HUP $MAINPID
KillSignal=SIGUSR2
TimeoutStopSec=60
Restart=always
RestartSec=2
LimitNOFILE=65536
{hardened}
MemoryDenyWriteExecute=yes
AmbientCapabilities=CAP_NET_BIND_SERVICE
CapabilityBoundingSet=CAP_NET_BIND_SERVICE
ReadOnlyPaths={etc}
ReadWritePaths={state}

[Install]
WantedBy=multi-user.target
"""

AGENT_UNIT: Final = """[Unit]
Description=Takes credentials of the relay back when a delegation asks for it
After=valise-relay.service
Wants=valise-relay.service

[Service]
Type=simple
User=valise-relay-agent
Group=valise-relay-agent
ExecStart=/usr/local/bin/valise relay agent /etc/valise-relay-agent
Restart=always
RestartSec=5
{hardened}
CapabilityBoundingSet=
{addresses}
ReadWritePaths=/etc/valise-relay-agent

[Install]
WantedBy=multi-user.target
"""

_HARDENED: Final = """NoNewPrivileges=yes
PrivateTmp=yes
PrivateDevices=yes
ProtectSystem=strict
ProtectHome=yes
ProtectClock=yes
ProtectControlGroups=yes
ProtectHostname=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
ProtectProc=invisible
RestrictAddressFamilies=AF_INET AF_INET6
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
LockPersonality=yes
SystemCallArchitectures=native
SystemCallFilter=@system-service
SystemCallFilter=~@privileged @resources
SystemCallErrorNumber=EPERM
UMask=0077"""


def unit(node: Node, etc: str) -> str:
    return UNIT.format(etc=etc, state=node.state, hardened=_HARDENED)


def agent_unit(node: Node) -> str:
    """It speaks to this computer alone, but where the only listener for it is everybody's."""
    addresses = "" if node.tls else "IPAddressDeny=any\nIPAddressAllow=localhost"
    return AGENT_UNIT.format(hardened=_HARDENED, addresses=addresses)
