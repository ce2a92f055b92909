#!/usr/bin/python3
"""A real RTSP server (GStreamer's) with made-up cameras, for tests and the demo.

Run it with Debian's own interpreter, /usr/bin/python3: only that one sees `gi`.

What it does: serves live, freshly encoded test pictures over RTSP on loopback, one mount per
camera, each with its own colours, its name and a running clock burnt in; checks user name and
password (digest or basic) when told to; writes a station list that matches its mounts; takes
fault commands on standard input. Encoders run only for mounts that somebody watches, and one
encoder serves all of a mount's clients.

What it does not do: recording, a scripted day of faults (that is the camera simulator's).

  --mount /path=codec,WxH,fps[,option=value...]     repeatable
      codec    h264 | h265 | jpeg
      fps      a whole number, or N/D
      options  pattern=NAME   a videotestsrc pattern (default: ball, coloured by mount)
               label=TEXT     burnt in (default: the path)
               key=N          frames between keyframes (default: two seconds' worth)
               zerolatency=0  let x264 look ahead and use B-frames, as recorders do
               bframes=N      B-frames with zerolatency=0 (default 2)
               bitrate=KBIT   (default by size)
               sar=N/D        sample aspect ratio (default 1/1)
               sound=CODEC    a sound stream beside it: aac, pcma, pcmu or opus
               tap=FILE       what the encoder makes is written there too, as a byte stream
               volume=N       amplitude of its 1 kHz sine, 0 to 1 (default 0.1)
  --stations N [--districts D] [--main WxH] [--sub WxH] [--fps N]
      N stations in D districts, each with a main and a sub mount:
      /DISTRICT/STATION/main and /DISTRICT/STATION/sub
      (every fifth H.265; `--sub none` leaves the sub feeds out)

Standard output, one line each, flushed:
  ready PORT            listening, all mounts are there, the list (if any) is written
  ok COMMAND...         a command was carried out
  error WORDS           a command, or the start (then exit 2), failed

Standard input, one command a line:
  pause /path           the session stays, RTCP goes on, no more pictures
  resume /path
  kill-sessions         close every client's connection
  clients               answers `ok clients N`
  quit
"""

import argparse
import colorsys
import csv
import os
import re
import signal
import sys
import tempfile
from fractions import Fraction
from urllib.parse import quote

try:
    import gi

    gi.require_version("Gst", "1.0")
    gi.require_version("GstRtsp", "1.0")
    gi.require_version("GstRtspServer", "1.0")
    from gi.repository import GLib, Gst, GstRtsp, GstRtspServer
except (ImportError, ValueError) as problem:
    print(
        f"error GStreamer's RTSP server is not usable here ({problem}); on Debian: "
        "apt-get install python3-gi gir1.2-gst-rtsp-server-1.0 and run with /usr/bin/python3",
        flush=True,
    )
    sys.exit(2)

# Which Debian package brings which element, for the message when one is missing.
ELEMENTS = {
    "common": {
        "videotestsrc": "gstreamer1.0-plugins-base",
        "textoverlay": "gstreamer1.0-x",
        "clockoverlay": "gstreamer1.0-x",
        "timeoverlay": "gstreamer1.0-x",
        "rtpjpegpay": "gstreamer1.0-plugins-good",
    },
    "h264": {
        "x264enc": "gstreamer1.0-plugins-ugly",
        "h264parse": "gstreamer1.0-plugins-bad",
        "rtph264pay": "gstreamer1.0-plugins-good",
    },
    "h265": {
        "x265enc": "gstreamer1.0-plugins-bad",
        "h265parse": "gstreamer1.0-plugins-bad",
        "rtph265pay": "gstreamer1.0-plugins-good",
    },
    "jpeg": {"jpegenc": "gstreamer1.0-plugins-good"},
    "aac": {
        "audiotestsrc": "gstreamer1.0-plugins-base",
        "voaacenc": "gstreamer1.0-plugins-bad",
        "aacparse": "gstreamer1.0-plugins-good",
        "rtpmp4gpay": "gstreamer1.0-plugins-good",
    },
    "pcma": {
        "audiotestsrc": "gstreamer1.0-plugins-base",
        "alawenc": "gstreamer1.0-plugins-good",
        "rtppcmapay": "gstreamer1.0-plugins-good",
    },
    "pcmu": {
        "audiotestsrc": "gstreamer1.0-plugins-base",
        "mulawenc": "gstreamer1.0-plugins-good",
        "rtppcmupay": "gstreamer1.0-plugins-good",
    },
    "opus": {
        "audiotestsrc": "gstreamer1.0-plugins-base",
        "opusenc": "gstreamer1.0-plugins-base",
        "rtpopuspay": "gstreamer1.0-plugins-good",
    },
}

# Each kind of sound: what it is made from, coded and packed with.
SOUNDS = {
    "aac": "audio/x-raw,rate=48000,channels=2 ! voaacenc ! aacparse ! rtpmp4gpay",
    "pcma": "audio/x-raw,rate=8000,channels=1 ! alawenc ! rtppcmapay",
    "pcmu": "audio/x-raw,rate=8000,channels=1 ! mulawenc ! rtppcmupay",
    "opus": "audio/x-raw,rate=48000,channels=2 ! opusenc ! rtpopuspay",
}

# Districts and schools of the demo list: plausible, not the official ones.
DISTRICTS = [
    (23, "Nəsimi ikinci", "Bakı şəhəri, Nəsimi rayonu", 40.3893, 49.8474),
    (8, "Binəqədi birinci", "Bakı şəhəri, Binəqədi rayonu", 40.4662, 49.8235),
    (57, "Şəki şəhər", "Şəki şəhəri", 41.1919, 47.1706),
    (88, "Ağdaş", "Ağdaş şəhəri", 40.6470, 47.4738),
    (37, "Gəncə ikinci", "Gəncə şəhəri, Nizami rayonu", 40.6828, 46.3606),
    (76, "Lənkəran şəhər", "Lənkəran şəhəri", 38.7529, 48.8475),
    (52, "Quba", "Quba şəhəri", 41.3611, 48.5132),
    (102, "Şəmkir şəhər", "Şəmkir şəhəri", 40.8298, 46.0178),
]
BUILDINGS = [
    "{n} nömrəli tam orta məktəb",
    "{n} nömrəli uşaq bağçası",
    "Mədəniyyət evi",
    "İdman kompleksi",
    "Ü. Hacıbəyli adına musiqi məktəbi",
    "Ç. İldırım küçəsindəki klub",
]
STREETS = [
    "Nizami küçəsi",
    "Füzuli küçəsi",
    "Heydər Əliyev prospekti",
    "Şəhriyar küçəsi",
    "Xətai küçəsi",
    "Üzeyir Hacıbəyli küçəsi",
]

ROLE = "viewer"


class Mistake(Exception):
    """Something the caller can mend; its text is shown as it is."""


class Mount:
    """One camera: what it sends and, while it is watched, the valve in its pipeline."""

    def __init__(self, path, codec, size, fps, options, serial):
        self.path = path
        self.codec = codec
        self.width, self.height = size
        self.fps = fps
        self.options = options
        self.serial = serial
        self.paused = False
        self.valve = None

    @classmethod
    def parse(cls, text, serial):
        """`/path=codec,WxH,fps[,option=value...]`"""
        path, equals, rest = text.partition("=")
        parts = rest.split(",")
        if not equals or not re.fullmatch(r"(/[A-Za-z0-9._-]+)+", path) or len(parts) < 3:
            raise Mistake(f"--mount {text}: expected /path=codec,WxH,fps[,option=value...]")
        codec = parts[0]
        if codec not in ("h264", "h265", "jpeg"):
            raise Mistake(f"--mount {text}: codec {codec} is none of h264, h265, jpeg")
        size = parse_size(parts[1])
        try:
            fps = Fraction(parts[2])
        except (ValueError, ZeroDivisionError):
            fps = Fraction(0)
        if not 0 < fps <= 120:
            raise Mistake(f"--mount {text}: {parts[2]} is no frame rate (1 to 120, or N/D)")
        options = {}
        known = ("pattern", "label", "key", "zerolatency", "bframes", "bitrate", "sar", "sound", "tap", "volume")
        for part in parts[3:]:
            name, equals, value = part.partition("=")
            if name not in known or not re.fullmatch(r"[\w ./:+-]+", value):
                raise Mistake(f"--mount {text}: option {part} is not known")
            options[name] = value
        if options.get("sound", "aac") not in SOUNDS:
            raise Mistake(f"--mount {text}: sound is one of {', '.join(SOUNDS)}")
        return cls(path, codec, size, fps, options, serial)

    def launch(self):
        """The pipeline in gst-launch's language, for a shared media factory."""
        picture = f"{self.picture()} ! {self.encoder()} {self.tap()}! valve name=gate ! {self.payloader()}"
        return f"( {picture} {self.sound()} )"

    def tap(self):
        file = self.options.get("tap")
        if file is None:
            return ""
        form = f"video/x-{self.codec},stream-format=byte-stream,alignment=au"
        return (
            f"! tee name=t t. ! queue ! {self.codec}parse ! {form} "
            f"! filesink sync=false async=false buffer-mode=unbuffered location={file} t. ! queue "
        )

    def sound(self):
        kind = self.options.get("sound")
        if kind is None:
            return ""
        volume = float(self.options.get("volume", "0.1"))
        source = f"audiotestsrc is-live=true do-timestamp=true freq=1000 volume={volume}"
        return f"{source} ! audioconvert ! audioresample ! {SOUNDS[kind]} name=pay1 pt=97"

    def picture(self):
        pattern = self.options.get("pattern", "ball")
        sar = self.options.get("sar", "1/1")
        rate = f"{self.fps.numerator}/{self.fps.denominator}"
        caps = (
            f"video/x-raw,format=I420,width={self.width},height={self.height},"
            f"framerate={rate},pixel-aspect-ratio={sar}"
        )
        # The golden ratio spreads the hues of neighbouring mounts far apart.
        background = colour(self.serial * 0.618, 0.45, 0.38)
        foreground = colour(self.serial * 0.618 + 0.5, 0.75, 0.95)
        label = self.options.get("label", self.path)
        # Sizes are for a picture 640 wide; the overlays scale them with the picture.
        pad = f"xpad={self.width // 50} ypad={self.height // 40}"
        font = f'font-desc="Sans Bold {{}}px" draw-shadow=false draw-outline=true {pad}'
        return (
            f"videotestsrc is-live=true do-timestamp=true pattern={pattern} "
            f"background-color={background} foreground-color={foreground} ! {caps} ! "
            f'textoverlay text="{label}" valignment=top halignment=left '
            f"{font.format(44)} ! "
            f'clockoverlay time-format="%H:%M:%S" valignment=top halignment=right '
            f"{font.format(30)} ! "
            f"timeoverlay valignment=bottom halignment=left {font.format(30)}"
        )

    def encoder(self):
        key = int(self.options.get("key", max(1, round(self.fps * 2))))
        default_kbit = max(64, self.width * self.height * int(round(self.fps)) // 10_000)
        kbit = int(self.options.get("bitrate", default_kbit))
        if self.codec == "h264":
            live = self.options.get("zerolatency", "1") != "0"
            tune = "tune=zerolatency" if live else f"bframes={self.options.get('bframes', 2)}"
            # The payloader would be content with Baseline, which has no B-frames.
            profile = "" if live else "! video/x-h264,profile=main "
            return (
                f"x264enc {tune} speed-preset=ultrafast threads=1 key-int-max={key} "
                f"bitrate={kbit} {profile}! h264parse"
            )
        if self.codec == "h265":
            # x265's own threads cost more than they bring at these sizes.
            return (
                f"x265enc tune=zerolatency speed-preset=ultrafast key-int-max={key} "
                f'bitrate={kbit} option-string="pools=none:frame-threads=1:log-level=none" '
                "! h265parse"
            )
        return "jpegenc quality=70"

    def payloader(self):
        if self.codec == "jpeg":
            return "rtpjpegpay name=pay0 pt=26"
        return f"rtp{self.codec}pay name=pay0 pt=96 config-interval=1"

    def attach(self, media):
        """Called for each new pipeline of this mount."""
        self.valve = media.get_element().get_by_name("gate")
        # A closed valve would starve the preroll, so it closes once the media plays.
        media.connect("new-state", self.on_state)
        media.connect("unprepared", self.on_unprepared)

    def on_state(self, _media, state):
        if state == Gst.State.PLAYING.real:
            self.apply()

    def on_unprepared(self, _media):
        self.valve = None

    def set_paused(self, paused):
        self.paused = paused
        self.apply()

    def apply(self):
        if self.valve is not None:
            self.valve.set_property("drop", self.paused)


def parse_size(text):
    match = re.fullmatch(r"(\d{2,4})x(\d{2,4})", text)
    if not match:
        raise Mistake(f"{text} is no picture size (for example 640x360)")
    size = int(match[1]), int(match[2])
    if size[0] % 2 or size[1] % 2:
        raise Mistake(f"{text}: width and height must be even (4:2:0 pictures)")
    return size


def colour(hue, saturation, value):
    """A colour as videotestsrc wants it: 0xAARRGGBB."""
    red, green, blue = (round(c * 255) for c in colorsys.hsv_to_rgb(hue % 1, saturation, value))
    return 0xFF000000 | red << 16 | green << 8 | blue


def demo_stations(arguments):
    """The stations of `--stations N`: rows of the list, and their mounts."""
    main = parse_size(arguments.main)
    sub = None if arguments.sub == "none" else parse_size(arguments.sub)
    if not 1 <= arguments.districts <= len(DISTRICTS):
        raise Mistake(f"--districts: 1 to {len(DISTRICTS)}")
    if not 0 <= arguments.stations <= 200:
        raise Mistake("--stations: 0 to 200")
    rows, mounts = [], []
    for index in range(arguments.stations):
        place = index % arguments.districts
        number = index // arguments.districts + 1
        district, district_name, town, latitude, longitude = DISTRICTS[place]
        codec = "h265" if index % 5 == 4 else "h264"
        label = f"{district}/{number}"
        base = f"/{district}/{number}"
        fps = Fraction(arguments.fps)
        made = {"main": Mount(base + "/main", codec, main, fps, {"label": label}, index)}
        if sub:
            made["sub"] = Mount(base + "/sub", codec, sub, fps, {"label": label}, index)
        mounts.extend(made.values())
        building = BUILDINGS[index % len(BUILDINGS)].format(n=12 + 7 * index)
        street = STREETS[(index * 5 + 1) % len(STREETS)]
        rows.append(
            {
                "district": district,
                "district_name": district_name,
                "station": number,
                "name": building,
                "address": f"{town}, {street} {3 + 4 * index}",
                "main": made["main"].path,
                "sub": made["sub"].path if sub else "",
                "latitude": f"{latitude + 0.004 * (number % 7):.5f}",
                "longitude": f"{longitude + 0.005 * (number % 5):.5f}",
                "network": f"rayon-{district}",
            }
        )
    rows.sort(key=lambda row: (row["district"], row["station"]))
    return rows, mounts


def list_rows_for_mounts(mounts):
    """`--mount` alone: one district, a station per mount."""
    return [
        {
            "district": 1,
            "district_name": "Sınaq",
            "station": number,
            "name": mount.options.get("label", mount.path),
            "address": "",
            "main": mount.path,
            "sub": "",
            "latitude": "",
            "longitude": "",
            "network": "",
        }
        for number, mount in enumerate(mounts, 1)
    ]


def write_list(target, rows, base):
    """Written beside the target, readable by its owner only (it may hold a password), renamed."""
    folder = os.path.dirname(os.path.abspath(target))
    handle, temporary = tempfile.mkstemp(prefix=".list-", dir=folder)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, fieldnames=list(rows[0]))
            writer.writeheader()
            for row in rows:
                urls = {name: base + row[name] if row[name] else "" for name in ("main", "sub")}
                writer.writerow({**row, **urls})
        os.replace(temporary, target)
    except BaseException:
        os.unlink(temporary)
        raise


def read_credentials(file):
    """One line, `user:password`, from a file: an argument would show in the process list."""
    try:
        with open(file, encoding="utf-8") as opened:
            user, colon, password = opened.readline().rstrip("\r\n").partition(":")
    except OSError as problem:
        raise Mistake(f"--auth-file {file}: {problem.strerror}") from problem
    if not user or not colon or not password:
        raise Mistake(f"--auth-file {file}: the first line must be user:password")
    return user, password


def check_elements(mounts):
    needed = dict(ELEMENTS["common"])
    for mount in mounts:
        needed.update(ELEMENTS[mount.codec])
        needed.update(ELEMENTS.get(mount.options.get("sound"), {}))
    missing = {name: deb for name, deb in needed.items() if not Gst.ElementFactory.find(name)}
    if missing:
        packages = " ".join(sorted(set(missing.values())))
        names = ", ".join(sorted(missing))
        raise Mistake(f"GStreamer lacks {names}; on Debian: apt-get install {packages}")


class Server:
    """The RTSP server and its commands. Everything here runs on the main loop's thread."""

    def __init__(self, mounts, bind, port, method, credentials):
        self.mounts = {mount.path: mount for mount in mounts}
        if len(self.mounts) != len(mounts):
            raise Mistake("two mounts have the same path")
        self.server = GstRtspServer.RTSPServer()
        self.server.set_address(bind)
        self.server.set_service(str(port))
        self.server.set_backlog(256)
        # The default, one thread for all clients, lets one slow start hold up the others.
        self.server.get_thread_pool().set_max_threads(4)
        if credentials:
            self.server.set_auth(self.make_auth(method, *credentials))
        points = self.server.get_mount_points()
        for mount in mounts:
            points.add_factory(mount.path, self.make_factory(mount, bool(credentials)))

    @staticmethod
    def make_auth(method, user, password):
        auth = GstRtspServer.RTSPAuth()
        auth.set_realm("pollwall test cameras")
        token = GstRtspServer.RTSPToken()
        token.set_string(GstRtspServer.RTSP_TOKEN_MEDIA_FACTORY_ROLE, ROLE)
        if method == "digest":
            auth.set_supported_methods(GstRtsp.RTSPAuthMethod.DIGEST)
            auth.add_digest(user, password, token)
        else:
            auth.set_supported_methods(GstRtsp.RTSPAuthMethod.BASIC)
            auth.add_basic(GstRtspServer.RTSPAuth.make_basic(user, password), token)
        return auth

    @staticmethod
    def make_factory(mount, guarded):
        factory = GstRtspServer.RTSPMediaFactory()
        factory.set_launch(mount.launch())
        factory.set_shared(True)
        if guarded:
            role = Gst.Structure.new_empty(ROLE)
            role.set_value(GstRtspServer.RTSP_PERM_MEDIA_FACTORY_ACCESS, True)
            role.set_value(GstRtspServer.RTSP_PERM_MEDIA_FACTORY_CONSTRUCT, True)
            factory.add_role_from_structure(role)
        factory.connect("media-configure", lambda _factory, media: mount.attach(media))
        return factory

    def listen(self):
        """Listens; gives the port."""
        if not self.server.attach(None):
            raise Mistake(
                f"cannot listen on {self.server.get_address()}:{self.server.get_service()} "
                "(is the port taken?)"
            )
        return self.server.get_bound_port()

    def kill_sessions(self):
        remove = GstRtspServer.RTSPFilterResult.REMOVE
        self.server.client_filter(lambda *_: remove)

    def clients(self):
        return len(self.server.client_filter(None))

    def command(self, line):
        """Carries out one line; gives the answer, or None to quit."""
        word, _, path = line.strip().partition(" ")
        if word in ("pause", "resume"):
            mount = self.mounts.get(path)
            if mount is None:
                return f"error no mount {path}"
            mount.set_paused(word == "pause")
            return f"ok {word} {path}"
        if word == "kill-sessions":
            self.kill_sessions()
            return "ok kill-sessions"
        if word == "clients":
            return f"ok clients {self.clients()}"
        if word == "quit":
            return None
        return f"error unknown command {word}"


class Commands:
    """Lines from standard input, fed to the server from the main loop."""

    def __init__(self, server, loop, until_eof):
        self.server, self.loop, self.until_eof = server, loop, until_eof
        self.rest = b""
        GLib.io_add_watch(0, GLib.PRIORITY_DEFAULT, GLib.IO_IN | GLib.IO_HUP, self.on_input)

    def on_input(self, _fd, _condition):
        data = os.read(0, 4096)
        if not data:
            if self.until_eof:
                self.loop.quit()
            return False
        *lines, self.rest = (self.rest + data).split(b"\n")
        for line in lines:
            answer = self.server.command(line.decode("utf-8", "replace"))
            if answer is None:
                self.loop.quit()
                return False
            say(answer)
        return True


def say(line):
    """A reader that went away is no reason to stop serving."""
    try:
        print(line, flush=True)
    except BrokenPipeError:
        sys.stdout = open(os.devnull, "w", encoding="utf-8")


def parse_arguments():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--bind", default="127.0.0.1", help="address (default: loopback)")
    parser.add_argument("--port", type=int, default=0, help="0 (default): any free port")
    parser.add_argument("--mount", action="append", default=[], metavar="/PATH=...")
    parser.add_argument("--stations", type=int, default=0, metavar="N")
    parser.add_argument("--districts", type=int, default=4, metavar="D")
    parser.add_argument("--main", default="640x360", metavar="WxH")
    parser.add_argument("--sub", default="320x180", metavar="WxH|none")
    parser.add_argument("--fps", type=int, default=15, metavar="N")
    parser.add_argument("--auth-file", metavar="FILE", help="first line user:password")
    parser.add_argument("--auth", choices=("digest", "basic"), default="digest")
    parser.add_argument("--list", metavar="OUT.csv", help="write a matching station list")
    parser.add_argument("--until-eof", action="store_true", help="end when standard input ends")
    return parser.parse_args()


def start(arguments):
    """Everything up to the ready line."""
    rows, mounts = demo_stations(arguments)
    extra = [Mount.parse(text, len(mounts) + i) for i, text in enumerate(arguments.mount)]
    rows = rows or list_rows_for_mounts(extra)
    mounts += extra
    if not mounts:
        raise Mistake("nothing to serve: give --mount or --stations")
    check_elements(mounts)
    credentials = read_credentials(arguments.auth_file) if arguments.auth_file else None
    server = Server(mounts, arguments.bind, arguments.port, arguments.auth, credentials)
    port = server.listen()
    if arguments.list:
        host = f"[{arguments.bind}]" if ":" in arguments.bind else arguments.bind
        who = ":".join(quote(part, safe="") for part in credentials) + "@" if credentials else ""
        write_list(arguments.list, rows, f"rtsp://{who}{host}:{port}")
    say(f"ready {port}")
    return server


def main():
    arguments = parse_arguments()
    Gst.init(None)
    loop = GLib.MainLoop()
    for number in (signal.SIGTERM, signal.SIGINT):
        GLib.unix_signal_add(GLib.PRIORITY_HIGH, number, loop.quit)
    try:
        server = start(arguments)
    except (Mistake, OSError, GLib.Error) as mistake:
        say(f"error {mistake}")
        return 2
    commands = Commands(server, loop, arguments.until_eof)
    loop.run()
    commands.server.kill_sessions()
    return 0


if __name__ == "__main__":
    # Not sys.exit: encoder threads still running must not hold up the end.
    status = main()
    sys.stdout.flush()
    os._exit(status)
