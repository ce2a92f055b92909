//! What FFmpeg calls back while it opens and reads: is it to go on, and may it open this?
//!
//! A playlist is text that somebody else wrote, and a redirect an answer that somebody else gave:
//! either may name a file of this machine, a service beside it, or a host that nobody on the list
//! has to do with. So every open passes here: the first one is the address we were given; all others
//! must be HTTP to a place that the list names, and get our login only where that is the same
//! server. After each open the place that was really reached is asked for: FFmpeg 5.1 follows
//! redirects by itself and cannot be told not to.

use std::ffi::{CStr, CString, c_char, c_int, c_void};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::ptr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use ffmpeg_next::ffi;

use super::Address;

/// Whether an address that a playlist or a redirect names may be asked.
pub type MayReach = Arc<dyn Fn(&url::Url) -> bool + Send + Sync>;

type Open = unsafe extern "C" fn(
    *mut ffi::AVFormatContext,
    *mut *mut ffi::AVIOContext,
    *const c_char,
    c_int,
    *mut *mut ffi::AVDictionary,
) -> c_int;

/// Why FFmpeg is to stop whatever it does. It goes on trying where a segment fails, so a refusal
/// must interrupt it as well.
pub(super) struct Stops {
    pub(super) cancel: Arc<AtomicBool>,
    /// Something led to where it may not.
    pub(super) refused: AtomicBool,
}

/// One input's rules.
pub(super) struct Guard {
    url: url::Url,
    login: Option<(String, String)>,
    may_reach: MayReach,
    open: Option<Open>,
    connected: Box<dyn FnMut()>,
    /// The address that we were given is open.
    is_open: bool,
    stops: Arc<Stops>,
}

impl Guard {
    pub(super) fn new(
        address: &Address,
        open: Option<Open>,
        stops: Arc<Stops>,
        connected: Box<dyn FnMut()>,
    ) -> Self {
        Self {
            url: address.url.clone(),
            login: address.login.clone(),
            may_reach: Arc::clone(&address.may_reach),
            open,
            connected,
            is_open: false,
            stops,
        }
    }

    /// The address to open instead of `asked`, with our login in it where that belongs; `None` when
    /// it may not be opened.
    fn permit(&self, asked: &str) -> Option<String> {
        let mut url = url::Url::parse(asked).ok()?;
        if !self.reaches(&url) {
            return None;
        }
        // What the playlist has to say about logins is nothing to us.
        let login = self.login.as_ref().filter(|_| url.origin() == self.url.origin());
        let (user, password) = login.map_or(("", ""), |(user, pass)| (user, pass));
        url.set_username(user).ok()?;
        url.set_password((!password.is_empty()).then_some(password)).ok()?;
        Some(url.into())
    }

    fn reaches(&self, url: &url::Url) -> bool {
        let web = matches!(url.scheme(), "http" | "https");
        web && (url.origin() == self.url.origin() || (self.may_reach)(url))
    }

    /// Opens `asked`, or says why not, as FFmpeg says it.
    ///
    /// # Safety
    /// All as FFmpeg passes it to `io_open`; `asked` is a C string.
    #[expect(unsafe_code, reason = "passes FFmpeg's own arguments on")]
    unsafe fn open(
        &mut self,
        context: *mut ffi::AVFormatContext,
        io: *mut *mut ffi::AVIOContext,
        asked: *const c_char,
        flags: c_int,
        options: *mut *mut ffi::AVDictionary,
    ) -> c_int {
        // Never for writing: whoever reads a playlist has nothing to write.
        let Some(open) = self.open.filter(|_| flags & ffi::AVIO_FLAG_WRITE == 0) else {
            return ffi::AVERROR(ffi::EPERM);
        };
        // SAFETY: `asked` is a C string, says the caller.
        let permitted = if self.is_open {
            let asked = unsafe { CStr::from_ptr(asked) }.to_str().ok();
            asked.and_then(|asked| self.permit(asked)).and_then(|url| CString::new(url).ok())
        } else {
            Some(unsafe { CStr::from_ptr(asked) }.to_owned())
        };
        let Some(permitted) = permitted else {
            self.stops.refused.store(true, Ordering::Release);
            return ffi::AVERROR(ffi::EPERM);
        };
        // SAFETY: the arguments are FFmpeg's, the function is the one that it had there itself,
        // and the address outlives the call.
        unsafe {
            // Playlists' own opens do not repeat what the first was given.
            let mut own = ptr::null_mut();
            let options = if options.is_null() { &raw mut own } else { options };
            for (name, value) in super::options::web() {
                ffi::av_dict_set(options, name.as_ptr(), value.as_ptr(), 0);
            }
            let code = open(context, io, permitted.as_ptr(), flags, options);
            ffi::av_dict_free(&raw mut own);
            if code < 0 {
                return code;
            }
            if !self.stayed(*io) {
                self.stops.refused.store(true, Ordering::Release);
                ffi::avio_closep(io);
                return ffi::AVERROR(ffi::EPERM);
            }
        }
        if !std::mem::replace(&mut self.is_open, true) {
            (self.connected)();
        }
        0
    }

    /// Whether the place that was reached is one that may be; whatever is not HTTP is not sent
    /// elsewhere.
    ///
    /// # Safety
    /// `io` is open.
    #[expect(unsafe_code, reason = "an option of the protocol below an AVIOContext")]
    unsafe fn stayed(&self, io: *mut ffi::AVIOContext) -> bool {
        let mut location: *mut u8 = ptr::null_mut();
        // SAFETY: an open AVIOContext begins with its class, which is all that is looked at; what
        // comes back is a C string of our own, or nothing.
        let location = unsafe {
            let name = c"location".as_ptr();
            let flags = ffi::AV_OPT_SEARCH_CHILDREN;
            if ffi::av_opt_get(io.cast(), name, flags, &raw mut location) < 0 || location.is_null()
            {
                return true;
            }
            let text = CStr::from_ptr(location.cast()).to_str().map(str::to_owned);
            ffi::av_free(location.cast());
            text
        };
        match location.as_deref() {
            Ok("") => true,
            Ok(text) => is_plain(text) && url::Url::parse(text).is_ok_and(|url| self.reaches(&url)),
            Err(_) => false,
        }
    }
}

/// Whether nobody can read another host out of this address than we do. FFmpeg splits addresses in
/// its own way, which differs from the URL standard where a backslash stands (there it ends the
/// host's name, in FFmpeg it does not) and in signs that no address has.
fn is_plain(address: &str) -> bool {
    address.bytes().all(|b| b.is_ascii_graphic() && b != b'\\')
}

/// FFmpeg's `io_open`. Never unwinds.
///
/// # Safety
/// Called by FFmpeg for a context whose `opaque` is a live [`Guard`].
#[expect(unsafe_code, reason = "a callback of FFmpeg's")]
pub(super) unsafe extern "C" fn io_open(
    context: *mut ffi::AVFormatContext,
    io: *mut *mut ffi::AVIOContext,
    url: *const c_char,
    flags: c_int,
    options: *mut *mut ffi::AVDictionary,
) -> c_int {
    let opened = catch_unwind(AssertUnwindSafe(|| {
        // SAFETY: `opaque` is our guard, and FFmpeg calls back from inside our own call, one at a
        // time, while nobody else looks at it.
        unsafe {
            let guard = &mut *(*context).opaque.cast::<Guard>();
            guard.open(context, io, url, flags, options)
        }
    }));
    opened.unwrap_or(ffi::AVERROR_EXTERNAL)
}

/// FFmpeg's interrupt callback: reads two flags.
///
/// # Safety
/// `stops` is a live [`Stops`].
#[expect(unsafe_code, reason = "a callback of FFmpeg's")]
pub(super) unsafe extern "C" fn interrupted(stops: *mut c_void) -> c_int {
    // SAFETY: see above; atomics are shared by reference.
    let stops = unsafe { &*stops.cast::<Stops>() };
    c_int::from(stops.cancel.load(Ordering::Acquire) || stops.refused.load(Ordering::Acquire))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn guard(url: &str) -> Guard {
        let address = Address {
            url: url::Url::parse(url).unwrap(),
            login: Some(("u".to_owned(), "p@ß".to_owned())),
            may_reach: Arc::new(|url| url.host_str() == Some("cdn.az") && url.port().is_none()),
        };
        let stops = Stops { cancel: Arc::default(), refused: AtomicBool::new(false) };
        Guard::new(&address, None, Arc::new(stops), Box::new(|| {}))
    }

    #[test]
    fn an_address_that_could_be_read_in_two_ways_is_not_plain() {
        assert!(is_plain("http://ins:topsecret@cam:8080/a.m3u8?x=%20"));
        for bad in ["http://cam:8080\\@127.0.0.1:9001/x", "http://cam/\u{1}", "http://cam/ə", "a b"]
        {
            assert!(!is_plain(bad), "{bad}");
        }
    }

    #[test]
    fn a_playlist_reaches_its_own_server_and_named_hosts_only() {
        let guard = guard("http://cam.az:8080/live/a.m3u8");
        for (asked, opened) in [
            ("http://cam.az:8080/live/1.ts", Some("http://u:p%40%C3%9F@cam.az:8080/live/1.ts")),
            ("http://x:y@cam.az:8080/1.ts", Some("http://u:p%40%C3%9F@cam.az:8080/1.ts")),
            ("http://x:y@cdn.az/1.ts", Some("http://cdn.az/1.ts")),
            ("http://cam.az/1.ts", None),
            ("https://cam.az:8080/1.ts", None),
            ("http://cdn.az:81/1.ts", None),
            ("http://127.0.0.1/1.ts", None),
            ("http://cam.az:8080@evil.az/1.ts", None),
            ("file:///etc/passwd", None),
            ("/etc/passwd", None),
            ("crypto+http://cam.az:8080/1.ts", None),
            ("concat:http://cam.az:8080/1.ts|/etc/passwd", None),
            ("subfile,,start,1,end,2,,:/etc/passwd", None),
            ("data:text/plain,x", None),
            ("rtmp://cam.az:8080/x", None),
        ] {
            assert_eq!(guard.permit(asked).as_deref(), opened, "{asked}");
        }
    }
}
