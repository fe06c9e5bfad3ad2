"""Session keys from device to device: HPKE(X-Wing){ Olm { key } }, with a reply key in every message."""

from __future__ import annotations

from dataclasses import dataclass, replace

from valise.desk.context import CHAT, RECORD, Context
from valise.domain.errors import NotYet, Refused
from valise.protocol import canonical, envelope, hpke, keymessage
from valise.protocol.epoch import recipients_hash
from valise.protocol.frame import Frame
from valise.protocol.hpke import XWingKey
from valise.protocol.identity import DeviceSecret
from valise.protocol.keymessage import Ends, Outer, SessionKey
from valise.protocol.olm import InboundGroup, OlmAccount, OlmSession, prekey_session_id
from valise.vault import certificates, logs, parcels, people, prekeys, sessions
from valise.vault.people import Device
from valise.vault.prekeys import PrekeyRow
from valise.vault.sessions import SessionIn, SessionMade
from valise.vault.store import Tx

ONLINE_WINDOW = 72 * 3600 * 1000
ANNOUNCED_MOST = 1_000
REKEY_SPACING = 60_000
NOTED = 600_000  # that a device was heard is written down this often


@dataclass(frozen=True, slots=True)
class Opened:
    """A key envelope after HPKE, before Olm; sorted by sender and count so that Olm's ratchet sees them in order."""

    id: bytes
    blob: bytes
    key_id: bytes
    outer: Outer


class KeyDesk:
    """Sends and takes session keys; used inside the caller's write transaction.

    What it knows of its keys it reads in that transaction: nothing in memory can outlive one that did not happen.
    """

    def __init__(self, context: Context, secret: DeviceSecret) -> None:
        self.context = context
        self._prekey = secret.prekey
        self._number = secret.prekey_count
        self._olm_identity = secret.account.identity
        self._me = canonical.unb64u(context.own.device)
        self.spacing = REKEY_SPACING
        self._account: tuple[bytes, OlmAccount] | None = None
        self._announced: dict[bytes, tuple[object, ...]] = {}  # what was verified of each session last

    def account(self, tx: Tx) -> OlmAccount:
        """The live Olm account."""
        return OlmAccount.load(tx.row("select value from secret where name = 'olm'")[0])

    def _unchanged(self, tx: Tx) -> OlmAccount:
        """The same, read anew only when it has been written anew: for sessions we open, which leave it as it is."""
        state = tx.row("select value from secret where name = 'olm'")[0]
        if self._account is None or self._account[0] != state:
            self._account = (state, OlmAccount.load(state))
        return self._account[1]

    def keep_account(self, tx: Tx, account: OlmAccount) -> None:
        tx.run("update secret set value = ? where name = 'olm'", (account.dump(),))

    def generation(self, tx: Tx) -> PrekeyRow:
        """The prekeys in force. Those of a new vault, or of one older than their table, count their age from now."""
        row = prekeys.present(tx)
        if row is None:
            prekeys.keep(tx, self._prekey.key_id, self._number, self._prekey.seed, self.context.clock.now())
            row = prekeys.present(tx)
            assert row is not None
        return row

    def announce(self, made: SessionMade, body: Frame) -> Frame:
        """A frame of a session of ours with what holds for all its recipients alike, under our signature if it is for the
        record."""
        recipients, announcement = recipients_hash(made.recipients), b""
        if made.klass == RECORD:
            what = keymessage.announced(self._me, made.room, made.epoch, made.klass, made.tag, made.key, recipients)
            announcement = self.context.keys.ed25519.sign(what)
        return replace(body, epoch=made.epoch, recipients=recipients, announcement=announcement)

    def check_announced(self, tx: Tx, session: SessionIn, group: InboundGroup, body: Frame) -> None:
        """A frame belongs to its session: room, the epoch its first frame named, announcement.
        Refused("frame.binding" | "signature.bad")."""
        if body.room != session.room or session.epoch not in (b"", body.epoch):
            raise Refused("frame.binding")
        public = self.context.record.certificates.of(tx, session.device).ed25519
        said = (session, body.epoch, body.recipients, body.announcement, public)
        if self._announced.get(session.tag) != said:  # every frame of a session says the same
            what = keymessage.announced(
                canonical.unb64u(session.device), body.room, body.epoch, session.klass, session.tag, group.key(), body.recipients
            )
            keymessage.check_announcement(session.klass, what, body.announcement, public)
            if len(self._announced) >= ANNOUNCED_MOST:
                self._announced.clear()
            self._announced[session.tag] = said
        if not session.epoch:
            sessions.begin(tx, session.tag, body.epoch)

    def send_session(self, tx: Tx, device: Device, made: SessionMade, *, renew: bool = False) -> None:
        """Queue one key envelope of `made` for a device. `renew` (unwedging): sealed to the keys of its card, in a new Olm
        session; one new session serves for `spacing` ms. Refused("olm.session" | "hpke.key") for unusable keys."""
        now = self.context.clock.now()
        ratchet = prekeys.ratchet(tx, device.id)
        known = sessions.olm(tx, device.id)
        anew = not known or ratchet.renew or (renew and not 0 <= now - ratchet.renewed_at < self.spacing)
        if anew:
            session = self._unchanged(tx).outbound(device.olm, device.fallback)
            name = session.id
        else:
            name, state = known[0]
            session = OlmSession.load(state)
        public = (None if renew else sessions.peer_key(tx, device.id)) or people.prekey(tx, device.id)
        number = sessions.next_number(tx, device.id, now)
        reply_seed = self.context.entropy(32)
        reply = XWingKey(reply_seed)
        sessions.keep_reply(tx, reply.key_id, device.id, reply_seed, now, number)
        own = self.context.record.certificates.of(tx, self.context.own.device)
        message = SessionKey(
            number,
            self._me,
            self._olm_identity,
            canonical.unb64u(device.id),
            device.olm,
            canonical.unb64u(own.hash),
            reply.public,
            made.room,
            made.klass,
            0 if made.klass == RECORD else sessions.chat_base(tx, made.room, device.id, self.context.own.device),
            made.wrap,
            made.key,
        )
        sealed = session.encrypt(keymessage.encode(message))
        if anew:
            sessions.keep_olm(tx, device.id, name, session.dump(), now)
            if renew or ratchet.renew:
                prekeys.renewed(tx, device.id, now if renew else ratchet.renewed_at)
        else:
            sessions.write_olm(tx, device.id, name, session.dump())
        prekeys.begun(tx, device.id, now)
        payload = keymessage.encode_outer(Outer(self._me, number, sealed))
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
            self.send_session(tx, device, made, renew=True)
        except Refused:  # unusable keys on its card
            return False
        return True

    def outer(self, tx: Tx, name: bytes, blob: bytes) -> Opened:
        """Open the HPKE layer. NotYet("key.unknown") when no private key of ours fits, Refused("key.destroyed") when it is no
        more, Refused("envelope.*") when it is no such thing."""
        key_id = envelope.key_id_of(blob)
        payload = envelope.open_key(self._private(tx, key_id), self._me, blob)
        return Opened(name, blob, key_id, keymessage.decode_outer(payload))

    def _private(self, tx: Tx, key_id: bytes) -> XWingKey:
        """The private half that was given out under this name."""
        self.generation(tx)
        prekey = prekeys.one(tx, key_id)
        if prekey is not None:
            return XWingKey(prekey.seed)
        found = sessions.reply(tx, key_id)
        if found is not None:
            return XWingKey(found[1])
        if prekeys.gone(tx, key_id):
            prekeys.asked(tx, key_id, self.context.clock.now())
            raise Refused("key.destroyed")
        raise NotYet("key.unknown")

    def take(self, tx: Tx, opened: Opened) -> bytes:
        """Open the Olm layer and keep the session key; returns its tag. NotYet("device.unknown"), Refused("key.*", "olm.*")."""
        now = self.context.clock.now()
        name = canonical.b64u(opened.outer.device)
        device = people.device(tx, name)
        if device is None:
            raise NotYet("device.unknown")
        if device.revoked_at:
            raise Refused("key.revoked_device")
        found = sessions.reply(tx, opened.key_id)
        if found is not None and found[0] != name:
            raise Refused("key.other_reply")  # sealed to a key that was given to somebody else
        try:
            plain, session_id, state, begun = self._decrypt(tx, device, opened.outer.message)
        except Refused as error:
            if found is not None and error.code != "olm.replayed":
                self._wedged(tx, device)
            raise
        ends = Ends(opened.outer.number, opened.outer.device, device.olm, self._me, self._olm_identity)
        message = keymessage.decode(plain, ends)
        if not certificates.known(tx, name, canonical.b64u(message.certificate)):
            raise NotYet("device.unknown")  # renewed: the card that says so is on its way, and nothing was kept yet
        keymessage.check_binding(message)
        hpke.check_public(message.reply_key)  # now, not when it is too late to answer with another
        known = sessions.into(tx, message.tag)
        if known is not None and known.device != name:
            raise Refused("key.tag_taken")
        group = InboundGroup.from_key(message.key)
        if begun is not None:
            sessions.keep_prekey(tx, begun, now, self.generation(tx).number)
        sessions.keep_olm(tx, name, session_id, state, now)
        sessions.keep_peer_key(tx, name, message.reply_key, message.number)
        prekeys.begun(tx, name, now)
        prekeys.heard(tx, name, now, NOTED)
        if found is not None:
            prekeys.moved(tx, name, found[2], now)
        else:
            prekeys.used(tx, opened.key_id, now)
        if known is None:
            if message.klass == CHAT:
                logs.begin(tx, (message.room, CHAT, name), message.base)
            sessions.keep_in(
                tx,
                SessionIn(message.tag, name, message.room, message.klass, b"", message.wrap, group.dump()),
                now,
            )
        sessions.got_tag(tx, message.tag)
        return message.tag

    def _wedged(self, tx: Tx, device: Device) -> None:
        """It wrote with our reply key and a session that we cannot read: an older copy of its vault, which cannot read us either,
        so that nobody's request can be read. Our keys come by the keys of its card, and then ours can."""
        for (tag,) in tx.rows("select tag from session_out"):
            self.again(tx, tag, device)

    def _decrypt(self, tx: Tx, device: Device, message: bytes) -> tuple[bytes, bytes, bytes, bytes | None]:
        """(plaintext, Olm session id, its new state, the prekey session it begins). Stores nothing."""
        prekey = prekey_session_id(message)
        for name, state in sessions.olm(tx, device.id):
            session = OlmSession.load(state)
            if prekey is not None and not session.matches(message):
                continue
            try:
                return session.decrypt(message), name, session.dump(), None
            except Refused:
                if prekey is not None:
                    raise
        if prekey is None:
            raise Refused("olm.no_session")
        if sessions.prekey_known(tx, prekey):
            raise Refused("olm.replayed")
        session, plain = self._inbound(tx, device, message)
        return plain, session.id, session.dump(), prekey

    def _inbound(self, tx: Tx, device: Device, message: bytes) -> tuple[OlmSession, bytes]:
        """By the fallback key of our card, or by one of those before it whose window has not passed."""
        try:
            return self.account(tx).inbound(device.olm, message)
        except Refused:
            for old in prekeys.retired(tx):
                try:
                    return OlmAccount.load(old.account).inbound(device.olm, message)
                except Refused:
                    continue
            raise

    def keep_for_later(self, tx: Tx, name: bytes, blob: bytes, hint: bytes) -> None:
        """Stays sealed until a card or a key comes."""
        parcels.keep_sealed(tx, name, "key", hint, blob, self.context.clock.now())
