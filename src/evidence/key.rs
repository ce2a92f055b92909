//! The key of the seal: Ed25519, made on first use, readable by its owner only, never printed.

use std::fmt;
use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::Path;

use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use sha2::{Digest as _, Sha256};

use super::error::SealError;
use crate::config::data::create_private;
use crate::config::save::{Access, save};
use crate::journal::chain::hex;
use crate::record::chain::Hash;

/// The public half of a key.
pub type PublicKey = [u8; 32];

/// What the file begins with; the key follows in hexadecimal.
const BEGINS: &str = "pollwall-seal-key-1 ";

/// How a public key is told on paper: its SHA-256.
pub fn fingerprint(key: &PublicKey) -> Hash {
    Sha256::digest(key).into()
}

/// The key of this data folder's seal. Wiped from memory when it is dropped.
pub struct SealKey {
    key: SigningKey,
}

impl fmt::Debug for SealKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SealKey({})", hex(&self.fingerprint()))
    }
}

impl SealKey {
    /// Reads the key in `file`, or makes one there. The caller owns the data folder.
    ///
    /// # Errors
    /// The file cannot be read or made, is no key, or can be read by others.
    pub fn load_or_make(file: &Path) -> Result<Self, SealError> {
        let failed = |source| SealError::Key { path: file.to_owned(), source };
        match File::open(file) {
            Ok(opened) => read(file, opened),
            Err(e) if e.kind() == io::ErrorKind::NotFound => {
                let mut secret = [0; 32];
                getrandom::fill(&mut secret).map_err(|e| SealError::NoRandom(e.to_string()))?;
                let made = Self { key: SigningKey::from_bytes(&secret) };
                if let Some(folder) = file.parent()
                    && !folder.is_dir()
                {
                    create_private(folder).map_err(failed)?;
                }
                let line = format!("{BEGINS}{}\n", hex(&secret));
                save(file, line.as_bytes(), Access::OwnerOnly).map_err(failed)?;
                log::info!("a key for the seal was made, {}", hex(&made.fingerprint()));
                Ok(made)
            }
            Err(e) => Err(failed(e)),
        }
    }

    /// The public half.
    pub fn public(&self) -> PublicKey {
        self.key.verifying_key().to_bytes()
    }

    /// How the public half is told on paper.
    pub fn fingerprint(&self) -> Hash {
        fingerprint(&self.public())
    }

    /// Signs.
    pub fn sign(&self, bytes: &[u8]) -> [u8; 64] {
        self.key.sign(bytes).to_bytes()
    }
}

fn read(path: &Path, mut file: File) -> Result<SealKey, SealError> {
    let failed = |source| SealError::Key { path: path.to_owned(), source };
    if is_open(&file.metadata().map_err(failed)?) {
        return Err(SealError::Open { path: path.to_owned() });
    }
    let mut line = String::new();
    let read = (&mut file).take(1024).read_to_string(&mut line);
    let no_key = || SealError::NoKey { path: path.to_owned() };
    match read {
        Err(e) if e.kind() == io::ErrorKind::InvalidData => return Err(no_key()),
        read => drop(read.map_err(failed)?),
    }
    let digits = line.trim_end().strip_prefix(BEGINS).ok_or_else(no_key)?;
    let secret = unhex(digits).ok_or_else(no_key)?;
    Ok(SealKey { key: SigningKey::from_bytes(&secret) })
}

/// Whether others than the owner may read it. On Windows the folder's access list decides.
fn is_open(file: &fs::Metadata) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        file.permissions().mode() & 0o077 != 0
    }
    #[cfg(not(unix))]
    {
        let _ = file;
        false
    }
}

/// Whether `signature` is the key's under `bytes`. Strict: no key of a small order, one spelling of
/// each signature.
pub(super) fn is_signed(key: &PublicKey, bytes: &[u8], signature: &[u8; 64]) -> bool {
    VerifyingKey::from_bytes(key)
        .is_ok_and(|key| key.verify_strict(bytes, &Signature::from_bytes(signature)).is_ok())
}

/// Bytes from hexadecimal, in small letters only: one spelling of each.
pub(super) fn unhex<const N: usize>(digits: &str) -> Option<[u8; N]> {
    let digit = |c: u8| match c {
        b'0'..=b'9' => Some(c - b'0'),
        b'a'..=b'f' => Some(c - b'a' + 10),
        _ => None,
    };
    let (pairs, rest) = digits.as_bytes().as_chunks::<2>();
    if pairs.len() != N || !rest.is_empty() {
        return None;
    }
    let mut bytes = [0; N];
    for (byte, [high, low]) in bytes.iter_mut().zip(pairs) {
        *byte = digit(*high)? << 4 | digit(*low)?;
    }
    Some(bytes)
}
