"""Files: the workspace database, atomic files, places, packaged resources.

May import verify, formats and core. One thread of its own owns the workspace database.

Decisions:
- 2026-11: a transaction begins IMMEDIATE, so that a second process waits its turn and never fails half way;
  what is SQLite's own stands in `sqlite`, everything else is portable SQLAlchemy Core.
- 2026-11: read-outs of a certificate are kept beside its DER as a document. Reading 1,000 last reports with
  2,000 certificates takes 0.3 s that way, without parsing X.509; the next sight of a certificate
  replaces them, so that a better reader is not held back by what an older one wrote.
- 2026-11: Alembic is imported only when there is something to migrate: opening a workspace takes 2 ms,
  making a new one 400 ms.
- 2026-11: long revocation lists lie in a cache folder of the person's own with their indexes, outside of the
  workspace: they can be made again, and an index is worth nothing where somebody else may write it.
- 2026-11: a private key lies whole in the system's keyring, in records of at most 1,200 UTF-16 units that are
  written once under random names; rows of table `keys` say which of them count. 300 kills of the program and
  100 of gnome-keyring at random points of import, replacement and deletion lost nothing that had been
  acknowledged and left no record behind (packaging/bench/keys.py); a key is there in 20 ms (P-256).
- 2026-11: no lock is held while a person is asked to unlock a keyring: the store is asked before anything is
  begun, and who gives up on one that hangs lets the next process in. Work that comes too late takes itself
  back (`key_cancellation`).
- 2026-11: a record that is younger than every key the workspace ever knew was made by another copy of it (a
  backup was restored, a folder copied); it is looked for before every new key, which would be younger. Such
  records are spared by the sweep: a key that is left over does less harm than
  one that is gone.
- 2026-11: an entry of a trust list is a document with the read-outs of its certificate, the DER beside it:
  10,000 entries take 0.8 s of the processor to read and 0.7 s to keep (2.2 s more were they parsed anew), and
  0.05 s to read again, because the last versions are remembered by digest. Another schema is parsed anew.
- 2026-11: a line of the trust log names what it tells of by digest, so that the tables can be held against
  the log (`trust_audit`); a seal holds the log's end, and what grants trust. The seals' key lies in the key
  store under a name that the sweep of private keys passes over, with a second record that says that the
  log was sealed once: whoever has the database alone cannot take that back. What they cannot show is an older
  copy of the whole workspace put back. A seal that does not hold is never made anew by writing on; what was
  made without a key store is sealed later only where it takes trust away. 240 kills at random points of
  applying, undoing and deciding left nothing half done and lost nothing (packaging/bench/trust_storage.py).
- 2026-11: a workspace lies in a file, or in a database on a PostgreSQL server that an office shares
  (`database`, `sqlite`, `postgres`): the same tables, the same suite. On a server each transaction that
  may write begins by taking one advisory lock, so that one program of all machines writes at a time, as
  with a file; what only reads takes a snapshot and waits for nobody (`Workspace.submit(…,
  reading=True)`). Serialisable transactions without the lock would let two write at once, and every piece
  of work would have to bear running twice.
- 2026-11: what belongs to one machine lies in a folder of that machine that goes with the URL: the vault,
  locks, the window's settings, and eight hex digits that begin the random number of every key that it
  keeps. So a machine finishes what it began in its own key stores, and no machine takes another's keys
  for lost or for orphans. The key of the seals is one for all: it is handed over in a file
  (`seal_handover`), never made twice.
- 2026-11: a backup is always a file of SQLite with today's tables, also of a server's workspace, so that
  it comes back on either; it comes back row by row in one transaction, and nothing of a file from
  elsewhere but rows of our own tables gets in. 320 kills of two programs that wrote at once, half of them
  on a server, lost nothing that had been acknowledged (tests/storage/test_writers.py).
- 2026-11: a start looks through a file of up to 32 MB (40 ms), and through the small tables of a larger one;
  SQLite cannot be interrupted within a table. `workspace check` looks through all of it.
- 2026-11: to apply again what was applied before is a new version of the same content: `undo` goes by when
  versions came to be applied, and a clock that went back does not disturb it.
- 2026-11: an observation is a few numbers; its facts and its chain stand in rows of their own, each once, its
  whole report is packed (zlib) and gives way first. What changed from one test to the next is noted as it is
  recorded (`recording`), so that new fingerprints and histories are told without going through all tests.
  1,000,000 observations of 10,000 endpoints take 512 MB with 80,000 whole reports (packaging/bench/board.py);
  many reports in one transaction cost 0.4 ms each, one by one 5 ms.
- 2026-11: how an endpoint stands is kept with its last test (`standings`): the board of 10,000 is read in
  0.4 s of the processor, from whole reports it took 11 s. A standing that another version of the program made
  is made again from the report.
"""
