"""Requests as cases: made with a key in a store, taken in from a server, followed, dropped.

Every call blocks: what touches a key store belongs on `services.key_thread`, the rest waits for the
workspace alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from sqlalchemy import Connection, select

from trustdesk.core.certificate_request import CaseState, MatchedReply, RequestCase, RequestDraft
from trustdesk.core.errors import UnusableInputError
from trustdesk.core.inspection import CsrFacts, Inspection
from trustdesk.core.key_store import KeyStoreKind, StoredKey
from trustdesk.core.message import msg
from trustdesk.core.ports import Clock
from trustdesk.core.trust import TrustList
from trustdesk.formats.request import read_request
from trustdesk.formats.request_writing import make_key, write_request
from trustdesk.services.identity_names import check_names
from trustdesk.services.request_content import asked_for
from trustdesk.services.request_match import ReplySurroundings, match_replies
from trustdesk.services.request_preflight import require_makeable
from trustdesk.services.verification import certificates_of
from trustdesk.storage.identities import add_identity, all_identities, identity_names
from trustdesk.storage.key_stores import KeyStores, NewKey
from trustdesk.storage.requests import (
    NewRequest,
    add_request,
    issuers_seen,
    remove_request,
    request_case,
    request_cases,
    set_case_answer,
    set_case_state,
)
from trustdesk.storage.schema import certificates
from trustdesk.storage.seen_certificates import keep_certificates
from trustdesk.storage.workspace import Workspace
from trustdesk.verify.profiles.context import KeyUse

MAX_REQUEST_BYTES = 64 * 1024
"""Of a request that is taken in: a hundred long names take a tenth of it."""

_CHOOSE_ANOTHER = msg("Choose another name.")


class RequestCases:
    """The requests of one workspace."""

    def __init__(self, workspace: Workspace, key_stores: KeyStores, clock: Clock) -> None:
        self._workspace = workspace
        self._key_stores = key_stores
        self._clock = clock

    def make(self, drafts: Sequence[RequestDraft], store: KeyStoreKind) -> tuple[RequestCase, ...]:
        """Make a key in the store and a request for each draft, all or none.

        Raises:
            UnusableInputError: a draft cannot become a request, a name is taken, or the identity that it
                shall follow is not there; nothing was kept.
            KeyStoreError: the store cannot be used; nothing was kept.
            CancelledByPersonError: the person gave up; nothing was kept.
        """
        for draft in drafts:
            require_makeable(draft)
        # Before keys are made and a store is unlocked; and again below, in the transaction that counts.
        self._workspace.submit(lambda connection: _check(connection, drafts)).result()
        keys = [make_key(draft.key) for draft in drafts]
        made = [
            read_request(write_request(asked_for(draft), key))
            for draft, key in zip(drafts, keys, strict=True)
        ]
        at = self._clock.now()

        def keep(connection: Connection, stored: tuple[StoredKey, ...]) -> tuple[RequestCase, ...]:
            _check(connection, drafts)
            return tuple(
                add_request(
                    connection,
                    NewRequest(
                        name=draft.name.strip(),
                        purpose=draft.purpose,
                        request=csr,
                        created_at=at,
                        key=key,
                        partner=draft.partner,
                        renews=draft.renews,
                    ),
                )
                for draft, csr, key in zip(drafts, made, stored, strict=True)
            )

        new = [NewKey(private_key=key, source=draft.name) for draft, key in zip(drafts, keys, strict=True)]
        return self._key_stores.put(new, store=store, also=keep)

    def take(self, csr: CsrFacts, draft: RequestDraft) -> RequestCase:
        """Take in a request whose key was made elsewhere; of the draft, name, purpose and partner count.

        Raises:
            UnusableInputError: its signature is wrong or cannot be checked, it is longer than any CA takes,
                a case has it already, or the name is taken.
        """
        if len(csr.der) > MAX_REQUEST_BYTES:
            raise UnusableInputError(
                msg("The request is longer than {limit} bytes.", limit=MAX_REQUEST_BYTES),
                remedy=msg("No CA takes a request of that length: make it again with fewer names."),
                place=draft.name,
            )
        if csr.signature_valid is not True or csr.spki_sha256 is None:
            raise UnusableInputError(
                msg("The request is not signed with its own key.")
                if csr.signature_valid is False
                else msg("Whether the request is signed with its own key cannot be checked."),
                remedy=msg("Make the request again where the key is, and take that one in."),
                place=draft.name,
            )
        at = self._clock.now()

        def keep(connection: Connection) -> RequestCase:
            _check(connection, (draft,))
            same = next((one for one in request_cases(connection) if one.request.sha256 == csr.sha256), None)
            if same is not None:
                raise UnusableInputError(
                    msg("This request is here already, as {name}.", name=same.name),
                    remedy=msg("Match the CA's certificate with it."),
                    place=draft.name,
                )
            return add_request(
                connection,
                NewRequest(
                    name=draft.name.strip(),
                    purpose=draft.purpose,
                    request=csr,
                    created_at=at,
                    partner=draft.partner,
                    renews=draft.renews,
                ),
            )

        return self._workspace.submit(keep).result()

    def cases(self) -> tuple[RequestCase, ...]:
        """Return all requests, the newest first."""
        return self._workspace.submit(request_cases).result()

    def named(self, name: str) -> RequestCase:
        """Return the newest case of a name.

        Raises:
            UnusableInputError: there is none.
        """
        cases = self.cases()
        found = next((case for case in cases if case.name.casefold() == name.strip().casefold()), None)
        if found is None:
            raise UnusableInputError(
                msg("There is no request of that name."),
                remedy=msg("See the names with: trustdesk csr list"),
                place=name,
            )
        return found

    def key_uses(self, request: CsrFacts) -> tuple[KeyUse, ...]:
        """Return the other requests and certificates of the workspace, for the rules on a request (CSR-8).

        Of certificates with other keys there is one: it shows that there was something to look at.

        What came of the request itself is no other use of its key.
        """

        def look(connection: Connection) -> tuple[KeyUse, ...]:
            cases = request_cases(connection)
            same = [case for case in cases if case.request.sha256 == request.sha256]
            came_of_it = {case.certificate.sha256 for case in same if case.certificate is not None}
            asked = (
                KeyUse(title=case.name, sha256=case.request.sha256, spki_sha256=case.request.spki_sha256)
                for case in cases
                if case.request.spki_sha256 is not None
            )
            names = {one.certificate.sha256: one.name for one in all_identities(connection)}
            certified = (
                KeyUse(title=names.get(sha256, title), sha256=sha256, spki_sha256=spki)
                for sha256, title, spki in _keys_of_certificates(connection, request)
                if sha256 not in came_of_it
            )
            return (*asked, *certified)

        return self._workspace.submit(look).result()

    def set_state(self, case_id: int, state: CaseState) -> RequestCase:
        """Note how far a case has come.

        Raises:
            UnusableInputError: it is not there, or the state does not go with what is there of it: with a
                key of ours, an accepted handshake alone makes it tested (`storage.requests.note_tested`).
        """

        def note(connection: Connection) -> RequestCase:
            case = request_case(connection, case_id)
            if case.certificate is None and state is not CaseState.REQUESTED:
                raise UnusableInputError(
                    msg("The CA's certificate is not here yet."),
                    remedy=msg("Match the CA's reply first."),
                    place=case.name,
                )
            if case.certificate is not None and state is CaseState.REQUESTED:
                raise UnusableInputError(
                    msg("The CA's certificate is here already."),
                    remedy=msg("Make a new request, or drop this one."),
                    place=case.name,
                )
            if case.identity is not None and state is CaseState.TESTED and case.state is not state:
                raise UnusableInputError(
                    msg("Nothing proved yet that the identity {name} is accepted.", name=case.identity),
                    remedy=msg("Test it with a handshake: one that is accepted is noted by itself."),
                    place=case.name,
                )
            return set_case_state(connection, case_id, state)

        return self._workspace.submit(note).result()

    def match(self, inspection: Inspection, trust_lists: Sequence[TrustList]) -> tuple[MatchedReply, ...]:
        """Find the cases that a CA's files answer, and what differs from what was asked.

        Raises:
            UnusableInputError: they hold no certificate for an end entity.
        """
        found = [one.facts for one in certificates_of(inspection)]
        # What came along is there already; a bundle may name thousands.
        issuers = {one.issuer for one in found} - {one.subject for one in found}

        def here(connection: Connection) -> ReplySurroundings:
            return ReplySurroundings(
                at=self._clock.now(),
                cases=request_cases(connection),
                trust_lists=trust_lists,
                known=issuers_seen(connection, [name for name in issuers if name is not None]),
                identities=_identities_by_key(connection),
            )

        return match_replies(inspection, self._workspace.submit(here).result())

    def accept(self, reply: MatchedReply) -> RequestCase:
        """Take a matched certificate: with a key of ours it becomes an identity under the case's name.

        The certificate, the identity and the case are written together, or nothing is.

        Raises:
            UnusableInputError: it cannot be taken, or something changed since it was matched.
        """
        matched = reply.case
        if matched is None or reply.problem is not None:
            raise UnusableInputError(
                reply.problem or msg("No request has its key."),
                remedy=reply.remedy or msg("Match the CA's reply again."),
            )
        at = self._clock.now()

        def take(connection: Connection) -> RequestCase:
            case = request_case(connection, matched.id)
            if case.certificate != matched.certificate or case.request.sha256 != matched.request.sha256:
                raise UnusableInputError(
                    msg("The request was answered in the meantime."),
                    remedy=msg("Match the CA's reply again."),
                    place=case.name,
                )
            sha256 = reply.certificate.sha256
            if case.key is None:
                keep_certificates(connection, reply.certification_path, at)
                return set_case_answer(connection, case.id, sha256, None, CaseState.ISSUED)
            check_names((case.name,), identity_names(connection))
            add_identity(
                connection,
                name=case.name,
                certification_path=reply.certification_path,
                key=case.key,
                added_at=at,
                source=case.name,
                renews=case.renews,
            )
            return set_case_answer(connection, case.id, sha256, case.name, CaseState.INSTALLED)

        return self._workspace.submit(take).result()

    def drop(self, case_id: int) -> None:
        """Drop a case, and its key where nothing else uses it. An identity that came of it stays.

        Raises:
            UnusableInputError: it is not there any more.
            KeyStoreError: the store cannot be used; KeyStillThereError where only the key is left.
            CancelledByPersonError: the person gave up; nothing was changed.
        """
        case = self._workspace.submit(lambda connection: request_case(connection, case_id)).result()
        if case.key is None:
            self._workspace.submit(lambda connection: remove_request(connection, case_id)).result()
            return
        self._key_stores.release(
            (case.key.reference,), also=lambda connection: remove_request(connection, case_id)
        )


def _keys_of_certificates(connection: Connection, request: CsrFacts) -> Iterator[tuple[str, str, str]]:
    """Yield digest, title and key of the certificates that have a request's key, and of one other."""
    public_key = _public_key_info(request)
    rows = connection.execute(select(certificates.c.sha256, certificates.c.subject, certificates.c.der))
    has_another = False
    for row in rows:
        # A certificate holds its key as the very bytes that a request holds: decoding thousands takes long.
        if public_key is not None and public_key in row.der:
            yield row.sha256, row.subject or row.sha256[:16], request.spki_sha256 or ""
        elif not has_another:
            has_another = True
            yield row.sha256, row.subject or row.sha256[:16], ""


def _public_key_info(request: CsrFacts) -> bytes | None:
    place = next((field for field in request.fields if field.name == "subjectPKInfo"), None)
    return None if place is None else request.der[place.offset : place.offset + place.length]


def _identities_by_key(connection: Connection) -> dict[str, str]:
    return {one.key.spki_sha256: one.name for one in all_identities(connection)}


def _check(connection: Connection, drafts: Sequence[RequestDraft]) -> None:
    """Make sure that names can be given, and that what shall be followed is there.

    Raises:
        UnusableInputError: one cannot.
    """
    known = identity_names(connection)
    names = [draft.name.strip() for draft in drafts]
    check_names(names, known)
    _check_cases(names, request_cases(connection))
    for draft in drafts:
        if draft.renews is not None and draft.renews not in known:
            raise UnusableInputError(
                msg("There is no identity named {name} that it could follow.", name=draft.renews),
                remedy=msg("Name one of the identities, or none."),
                place=draft.name,
            )


def _check_cases(names: Sequence[str], cases: Iterable[RequestCase]) -> None:
    # A case that became an identity gives its name back when that identity is gone.
    open_cases = {case.name.casefold() for case in cases if case.identity is None}
    for name in names:
        if name.casefold() in open_cases:
            raise UnusableInputError(
                msg("There is a request named {name}.", name=name), remedy=_CHOOSE_ANOTHER, place=name
            )
