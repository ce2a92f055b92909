#!/usr/bin/python3
"""The parts of a desktop that a program asks to keep the display and the machine awake.

Both `org.freedesktop.ScreenSaver` (idle inhibition specification) and login1's `Inhibit`
(systemd's inhibitor locks), on the bus of DBUS_SESSION_BUS_ADDRESS. Nothing is switched off or
kept on here; what is asked is printed, one line each:

  ready                    both names are owned
  screen-saver inhibit APP: REASON
  screen-saver release     by call, or by the end of the connection
  login1 inhibit WHAT APP: REASON
  login1 release           the lock's descriptor was closed
"""

import os

from gi.repository import Gio, GLib

NAMES = ["org.freedesktop.ScreenSaver", "org.freedesktop.login1"]

INTERFACES = Gio.DBusNodeInfo.new_for_xml(
    """<node>
  <interface name="org.freedesktop.ScreenSaver">
    <method name="Inhibit">
      <arg type="s" direction="in"/> <arg type="s" direction="in"/>
      <arg type="u" direction="out"/>
    </method>
    <method name="UnInhibit"> <arg type="u" direction="in"/> </method>
  </interface>
  <interface name="org.freedesktop.login1.Manager">
    <method name="Inhibit">
      <arg type="s" direction="in"/> <arg type="s" direction="in"/>
      <arg type="s" direction="in"/> <arg type="s" direction="in"/>
      <arg type="h" direction="out"/>
    </method>
  </interface>
</node>"""
).interfaces

COOKIE = 57


class Desktop:
    def __init__(self, bus):
        self.bus = bus
        self.holder = None
        self.missing = set(NAMES)
        bus.register_object("/org/freedesktop/ScreenSaver", INTERFACES[0], self.screen_saver)
        bus.register_object("/org/freedesktop/login1", INTERFACES[1], self.login1)
        for name in NAMES:
            Gio.bus_own_name_on_connection(bus, name, 0, self.owned, None)

    def owned(self, _bus, name):
        self.missing.discard(name)
        if not self.missing:
            say("ready")

    def screen_saver(self, _bus, sender, _path, _interface, method, arguments, answer):
        if method == "Inhibit":
            say("screen-saver inhibit {}: {}".format(*arguments.unpack()))
            self.holder = sender
            Gio.bus_watch_name_on_connection(self.bus, sender, 0, None, self.gone)
            answer.return_value(GLib.Variant("(u)", (COOKIE,)))
        elif arguments.unpack() == (COOKIE,) and sender == self.holder:
            self.gone(None, sender)
            answer.return_value(None)
        else:
            answer.return_dbus_error("org.freedesktop.DBus.Error.Failed", "no such cookie")

    def gone(self, _bus, name):
        if name == self.holder:
            self.holder = None
            say("screen-saver release")

    def login1(self, _bus, _sender, _path, _interface, _method, arguments, answer):
        what, who, why, _mode = arguments.unpack()
        say(f"login1 inhibit {what} {who}: {why}")
        ours, theirs = os.pipe()
        GLib.io_add_watch(ours, GLib.PRIORITY_DEFAULT, GLib.IOCondition.HUP, self.unlocked)
        descriptors = Gio.UnixFDList.new()
        descriptors.append(theirs)
        os.close(theirs)
        answer.return_value_with_unix_fd_list(GLib.Variant("(h)", (0,)), descriptors)

    @staticmethod
    def unlocked(_descriptor, _condition):
        say("login1 release")
        return False


def say(line):
    print(line, flush=True)


if __name__ == "__main__":
    DESKTOP = Desktop(Gio.bus_get_sync(Gio.BusType.SESSION))
    GLib.MainLoop().run()
