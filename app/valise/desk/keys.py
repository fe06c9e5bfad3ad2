"""Session keys from device to device: HPKE(X-Wing){ Olm { key } }, with a reply key in every message."""

from __future__ import annotations

from dataclasses import dataclass, replace

from valise.desk.context import CHAT, RECORD, Context
from valise.domain.errors import NotYet, Refused
from valise.protocol import canonical, envelope, hpke, keymessage
from valise.protocol.epoch import recipients_hash
from valise.protocol.hpke import XWingKey
from valise.protocol.identity import DeviceSecret
from valise.protocol.keymessage import Outer, SessionKey
from valise.protocol.olm import InboundGroup, OlmAccount, OlmSession, prekey_session_id
from valise.vault import logs, parcels, people, sessions
from valise.vault.people import Device
from valise.vault.sessions import SessionIn, SessionMade
from valise.vault.store import Tx

ONLINE_WINDOW = 72 * 3600 * 1000
REKEY_SPACING = 60_000


@dataclass(frozen=True, slots=True)
class Opened:
    """A key envelope after HPKE, before Olm; sorted by sender and count so that Olm's ratchet sees them in order."""

    id: bytes
    blob: bytes
    key_id: bytes
    outer: Outer


class KeyDesk:
    """Sends and takes session keys; used inside the caller's write transaction."""

    def __init__(self, context: Context, secret: DeviceSecret) -> None:
        self.context = context
        self._prekey = secret.prekey
        self._olm_identity = secret.account.identity
        self.window = ONLINE_WINDOW * 10
        self.spacing = REKEY_SPACING

    def _account(self, tx: Tx) -> OlmAccount:
        return OlmAccount.load(tx.row("select value from secret where name = 'olm'")[0])

    def _keep_account(self, tx: Tx, account: OlmAccount) -> None:
        tx.run("update secret set value = ? where name = 'olm'", (account.dump(),))

    def send_session(
        self, tx: Tx, device: Device, made: SessionMade, recipients: bytes, *, renew: bool = False
    ) -> None:
        """Queue one key envelope of `made` for a device. `renew`: a new Olm session from the card's keys (unwedging)."""
        now = self.context.clock.now()
        known = [] if renew else sessions.olm(tx, device.id)
        if known:
            name, state = known[0]
            session = OlmSession.load(state)
        else:
            session = self._account(tx).outbound(device.olm, device.fallback)
            name = session.id
        public = None if renew else sessions.peer_key(tx, device.id)
        public = public or device.prekey
        number = sessions.next_number(tx, device.id)
        reply_seed = self.context.entropy(32)
        reply = XWingKey(reply_seed)
        sessions.keep_reply(tx, reply.key_id, device.id, reply_seed, now, number)
        me = canonical.unb64u(self.context.own.device)
        own = people.device(tx, self.context.own.device)
        assert own is not None
        message = SessionKey(
            number,
            me,
            canonical.unb64u(own.certificate_hash),
            self._olm_identity,
            canonical.unb64u(device.id),
            device.olm,
            reply.public,
            made.room,
            made.epoch,
            made.klass,
            made.tag,
            made.wrap,
            made.key,
            recipients,
            now,
            0 if made.klass == RECORD else sessions.chat_base(tx, made.room, device.id, self.context.own.device),
        )
        if made.klass == RECORD:
            sig = self.context.keys.ed25519.sign(message.announced())
            message = replace(message, announcement=sig)
        sealed = session.encrypt(keymessage.encode(message))
        if known:
            sessions.write_olm(tx, device.id, name, session.dump())
        else:
            sessions.keep_olm(tx, device.id, name, session.dump(), now)
        payload = keymessage.encode_outer(Outer(me, number, sealed))
        blob = envelope.seal_key(public, canonical.unb64u(device.id), payload)
        sessions.keep_key_out(tx, self.context.entropy(16), made.tag, device.id, blob, now)

    def again(self, tx: Tx, tag: bytes, device: Device) -> bool:
        """The device has envelopes of this session and no key: send it again by a new Olm session, at most once a minute."""
        made = sessions.made(tx, tag)
        if made is None or device.id not in made.recipients or not device.alive(self.context.clock.now()):
            return False
        if not sessions.rekey_allowed(tx, tag, device.id, self.context.clock.now(), self.spacing):
            return False
        try:
            self.send_session(tx, device, made, recipients_hash(made.recipients), renew=True)
        except Refused:  # unusable keys on its card
            return False
        return True

    def outer(self, tx: Tx, name: bytes, blob: bytes) -> Opened:
        """Open the HPKE layer. NotYet("key.unknown") when no private key of ours fits; Refused when it is no such thing."""
        key_id = envelope.key_id_of(blob)
        if key_id == self._prekey.key_id:
            key = self._prekey
        else:
            found = sessions.reply(tx, key_id)
            if found is None:
                raise NotYet("key.unknown")
            key = XWingKey(found[1])
        payload = envelope.open_key(key, canonical.unb64u(self.context.own.device), blob)
        return Opened(name, blob, key_id, keymessage.decode_outer(payload))

    def take(self, tx: Tx, opened: Opened) -> bytes:
        """Open the Olm layer and keep the session key; returns its tag. NotYet("device.unknown"), Refused("key.*", "olm.*")."""
        now = self.context.clock.now()
        name = canonical.b64u(opened.outer.device)
        device = people.device(tx, name)
        if device is None:
            raise NotYet("device.unknown")
        if device.revoked_at:
            raise Refused("key.revoked_device")
        plain, session_id, state = self._decrypt(tx, device, opened.outer.message)
        message = keymessage.decode(plain)
        me = canonical.unb64u(self.context.own.device)
        if (
            message.sender != opened.outer.device
            or message.number != opened.outer.number
            or canonical.b64u(message.certificate) != device.certificate_hash
            or message.sender_olm != device.olm
            or message.recipient != me
            or message.recipient_olm != self._olm_identity
        ):
            raise Refused("key.binding")
        if message.tag != keymessage.tag_of(message.sender, message.wrap):
            raise Refused("key.tag")
        hpke.check_public(message.reply_key)  # now, not when it is too late to answer with another
        keymessage.check_announcement(message, device.ed25519)
        known = sessions.into(tx, message.tag)
        if known is not None and known.device != name:
            raise Refused("key.tag_taken")
        sessions.keep_olm(tx, name, session_id, state, now)
        sessions.keep_peer_key(tx, name, message.reply_key, message.number)
        found = sessions.reply(tx, opened.key_id)
        if found is not None:
            sessions.forget_replies(tx, name, found[2], now - self.window)
        if known is None:
            group = InboundGroup.from_key(message.key)
            if message.klass == CHAT:
                logs.begin(tx, (message.room, CHAT, name), message.base)
            sessions.keep_in(
                tx,
                SessionIn(message.tag, name, message.room, message.klass, message.epoch, message.wrap, group.dump()),
                now,
            )
        sessions.got_tag(tx, message.tag)
        return message.tag

    def _decrypt(self, tx: Tx, device: Device, message: bytes) -> tuple[bytes, bytes, bytes]:
        """(plaintext, Olm session id, its new state). Nothing is stored when it fails."""
        prekey = prekey_session_id(message)
        for name, state in sessions.olm(tx, device.id):
            session = OlmSession.load(state)
            if prekey is not None and not session.matches(message):
                continue
            try:
                return session.decrypt(message), name, session.dump()
            except Refused:
                if prekey is not None:
                    raise
        if prekey is None:
            raise Refused("olm.no_session")
        if sessions.prekey_known(tx, prekey):
            raise Refused("olm.replayed")
        account = self._account(tx)
        session, plain = account.inbound(device.olm, message)
        sessions.keep_prekey(tx, prekey, self.context.clock.now())
        self._keep_account(tx, account)
        return plain, session.id, session.dump()

    def keep_for_later(self, tx: Tx, name: bytes, blob: bytes, hint: bytes) -> None:
        """Stays sealed until a card or a key comes."""
        parcels.keep_sealed(tx, name, "key", hint, blob, self.context.clock.now())
