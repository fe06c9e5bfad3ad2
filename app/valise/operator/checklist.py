"""What an operator does after `valise relay config`, step by step, with the names of this relay in it."""

from __future__ import annotations

from valise.operator.plan import Plan


def text(plan: Plan) -> str:
    """The whole of CHECKLIST.txt."""
    hosts = ", ".join(one.host for one in plan.nodes)
    first = plan.nodes[0]
    many = len(plan.nodes) > 1
    ports = [f"{first.port}/tcp from anywhere"]
    ports += [f"{first.tls}/tcp from anywhere"] * bool(first.tls)
    ports += [f"{first.routes}/tcp from the other servers alone"] * many
    own = not plan.certificate
    steps = [
        "Take the folder offline/ away on a stick and lock it up. It is needed again only when certificates are renewed or"
        " the signing key was lost. Nothing on the servers needs it.",
        f"On {'each of ' if many else ''}{hosts}: install nats-server {plan.target}.x (2.12.12, 2.14.3 or newer; never 2.13)"
        " from the publisher's release, with its checksum, as /usr/local/bin/nats-server.",
        "  useradd --system --shell /usr/sbin/nologin valise-relay\n"
        f"     install -d -o valise-relay -g valise-relay -m 700 {first.state} {first.state}/store {first.state}/accounts",
        f"Copy servers/<name>/ to /etc/valise-relay on its server (names: "
        f"{', '.join(f'{one.name} = {one.host}' for one in plan.nodes)});\n"
        "     chown -R root:valise-relay /etc/valise-relay; chmod -R u=rwX,g=rX,o= /etc/valise-relay",
        f"Certificate: {'of our own authority, already there' if own else f'{plan.certificate} and {plan.key}, readable for valise-relay'}.",
        f"Firewall: {'; '.join(ports)}. Nothing else; {first.monitor} and {0 if first.tls else first.local} listen on this computer alone.",
        "Clock: time from the network (chrony or systemd-timesyncd). Disk: encrypted, with room for"
        f" {plan.capacity // (1 << 30) or 1} GiB for each delegation.",
        "Move valise-relay.service to /etc/systemd/system; systemctl enable --now valise-relay"
        + ("; on all servers before the next step" if many else ""),
        f"Install Valise on {first.host} as well, as /usr/local/bin/valise: these commands and the agent are part of it and need no"
        " window. With this folder (without offline/) there: valise relay provision DIR",
        "  valise relay check DIR    every line has to begin with \"holds\"",
        "Agent: useradd --system --shell /usr/sbin/nologin valise-relay-agent; copy agent/ to /etc/valise-relay-agent;\n"
        "     chown -R valise-relay-agent: /etc/valise-relay-agent; systemctl enable --now valise-relay-agent",
        "Hand each file of kits/ to the laptop it is for, on a stick, like a key; then delete it here. Each is for one laptop.",
        "Unused seats: a seat nobody reads from keeps everything for 60 days and fills the inbox. Take it away:"
        " valise relay provision DIR --remove XA:2",
        "Again after every update of the server and every change: valise relay check DIR",
    ]
    lines = [f"{n:2}. [ ] {step.strip()}" for n, step in enumerate(steps, 1)]
    return f"Relay {hosts}\n\n" + "\n".join(lines) + "\n"
