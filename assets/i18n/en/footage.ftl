# The catalogue of recordings, its seal, and how recording is configured, English

record-io = How to record cannot be read from { $path }: { $reason }.
record-wrong = { $path }, which says how to record, has mistakes. Correct these lines:
record-not-feed = “{ $found }” is no stream of a station; write main or sub
record-not-yes-or-no = write true or false, without quotation marks
record-not-list = write a list of folders in square brackets, like ["/srv/a", "/srv/b"]
record-not-absolute = “{ $found }” depends on where Pollwall is started; write the whole path
record-again = { $found } is in the list already; take it out once
record-not-url = this is no address of a server; write it like http://10.1.2.3:8080/heads
record-not-http = { $found } is not supported here; write an address with http (what is sent is public and signed), or use file
record-secret = this address holds a user name, password or key, which would not be kept secret; take it out

footage-newer = The catalogue of recordings { $path } was written by a newer version of Pollwall. Use that version.
footage-none = There is no catalogue of recordings { $path } yet. It is begun with the first recording, or made from the files by “pollwall footage reindex”.
footage-damaged = { $path } is damaged or is no catalogue of recordings. Make it again from the files with “pollwall footage reindex”; the damaged one is kept.
footage-unusable = The catalogue of recordings or a folder cannot be used: { $path }: { $reason }.
footage-no-threads = No threads can be started to read the recordings: { $reason }.
footage-reindexed = { $segments ->
    [one] { $segments } segment is in the catalogue now
   *[other] { $segments } segments are in the catalogue now
}.
footage-old = The catalogue before is kept as { $path }.
footage-unhashed = Hashes that are not known: { $count }. Learn them with “pollwall footage reindex --hash”; until then these segments are not sealed.
footage-learnt = Hashes learnt: { $count }.
footage-unfinished = Files that are not finished: { $count }. The next recording closes them.
footage-gone = in the catalogue before, and not there any more: { $file }
footage-unread = cannot be read as a segment: { $file }: { $reason }
footage-foreign = has no name that a segment has: { $file }
footage-absent = This volume is not there: { $path }. Its segments were not looked at.
footage-in-order = Segments: { $segments }, all in order.
footage-findings = Segments: { $segments }, not in order: { $count }.
footage-finding = { $station } { $stream } { $at }: { $what }
footage-missing = the file is not there
footage-size = { $found } bytes instead of { $expected }
footage-hash = the content is not what was sealed
footage-unreadable = cannot be read: { $reason }
footage-unlisted = the file is in no catalogue
footage-chain = the row was changed: it does not fit the one before
footage-hashed = Files read whole and compared: { $count }.
footage-not-hashed = The content was not compared; “--hash” does that.

seal-key-unreadable = The key of the seal { $path } cannot be used: { $reason }.
seal-key-wrong = { $path } is no key of a seal. Keep the file, move it away, and a new key is made.
seal-key-open = { $path } can be read by others. Only its owner may: chmod 600 { $path }
seal-no-random = The system gave no random numbers for a key: { $reason }.
seal-holder-unreachable = the second holder { $holder } cannot be reached: { $reason }
seal-holder-refused = the second holder { $holder } refused with code { $code }
seal-state = { $path }: { $reason }
seal-no-heads = No signed head is in the journal yet.
seal-head = { $number }  { $at }  { $feeds ->
    [one] { $feeds } stream
   *[other] { $feeds } streams
}  root { $root }  key { $key }
seal-head-bad = { $number }  { $at }  THIS HEAD DOES NOT FIT: { $why }
seal-bad-signature = its signature is not right
seal-bad-previous = it does not follow on the head before it
seal-bad-number = head { $expected } should stand here
seal-bad-form = it is not written as heads are
seal-bad = Heads that do not fit: { $count }.
journal-seal-head = signed head { $number } over { $feeds ->
    [one] { $feeds } stream
   *[other] { $feeds } streams
}: { $hash }
