//! The frame around every payload: is this the file I asked for, whole and readable?
//!
//! ```text
//!  0        4        6      7      8          12         16                24
//!  ├ "McDw" ┼ version┼ kind ┼ pack ┼ body len ┼ raw len  ┼ xxh3-64 of body ┼ body …
//!    magic    u16 LE   u8     u8     u32 LE     u32 LE     u64 LE
//! ```
//!
//! *Body* is what follows the header, as stored; *raw* is the body after unpacking (`pack` 0: stored as it is,
//! 1: raw DEFLATE, RFC 1951). The checksum covers the stored body, so damage is found before anything is unpacked,
//! and `raw len` bounds the memory that unpacking may ask for. We compress inside the file because static hosts
//! disagree about which types they compress; a name ending in `.mcd` is served as it is by all of them.

use miniz_oxide::deflate::core::{
    CompressionStrategy, CompressorOxide, TDEFLFlush, compress_to_output, create_comp_flags_from_zip_params,
};
use miniz_oxide::{deflate, inflate};
use xxhash_rust::xxh3::xxh3_64;

use crate::error::REBUILD;
use crate::{Error, FORMAT_VERSION, OLDEST_READABLE, Result};

/// The first four bytes of every payload file.
pub const MAGIC: [u8; 4] = *b"McDw";
/// The length of the header in bytes.
pub const HEADER_LEN: usize = 24;
/// No payload unpacks to more than this many bytes (256 MiB): the largest real one is an encoder of about 25 MiB.
pub const MAX_RAW_LEN: usize = 256 << 20;
/// DEFLATE effort, 0 to 10. Files are written once and read for years, so we spend the time.
const DEFLATE_LEVEL: u8 = 9;

/// What a payload file holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Kind {
    /// Library tree, version scopes, directories of shards and cells, centroids.
    Boot = 1,
    /// A sorted slice of the term dictionary with its postings.
    Shard = 2,
    /// One cluster of passage vectors.
    Cell = 3,
    /// Text and headings of neighbouring chunks.
    Fragment = 4,
    /// Weights and vocabulary of the transformer.
    Encoder = 5,
    /// The matrix that takes an encoder's vector into the space of the cells.
    Projection = 6,
    /// The documents of one version of a product, with their chunks in reading order.
    Documents = 7,
    /// Every id and address that was published, for the next build.
    Registry = 8,
    /// What is where in the documents of one version: outlines, pages, pictures.
    Catalog = 9,
    /// The words of one length, as the library spells them.
    Spelling = 10,
}

impl Kind {
    /// Every kind, in the order of the byte ledger.
    pub const ALL: [Self; 10] = [
        Self::Boot,
        Self::Shard,
        Self::Cell,
        Self::Fragment,
        Self::Documents,
        Self::Catalog,
        Self::Spelling,
        Self::Registry,
        Self::Projection,
        Self::Encoder,
    ];

    /// The word used for this kind in file names, messages and the byte ledger.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Boot => "boot",
            Self::Shard => "shard",
            Self::Cell => "cell",
            Self::Fragment => "fragment",
            Self::Encoder => "encoder",
            Self::Projection => "projection",
            Self::Documents => "documents",
            Self::Registry => "registry",
            Self::Spelling => "spelling",
            Self::Catalog => "catalog",
        }
    }

    /// The oldest format version whose files of this kind are read. Weights outlive a change of the index: an encoder
    /// that was packed by an older McDewey is fetched and kept as it is.
    pub const fn oldest_readable(self) -> u16 {
        match self {
            Self::Encoder => 1,
            _ => OLDEST_READABLE,
        }
    }

    fn of(code: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|&kind| kind as u8 == code)
    }
}

/// Puts `raw` into a frame. The body is compressed when that makes it smaller.
///
/// Text packs best with repeated strings replaced; weights and codes of vectors are noise, in which a repetition found
/// by chance costs more than it saves (11 % of the encoder), so they pack best by letter frequency alone. We write both
/// and keep the smaller; a reader sees DEFLATE either way.
///
/// # Panics
/// If `raw` is longer than [`MAX_RAW_LEN`]; writers cut their files far below it.
pub fn seal(kind: Kind, raw: &[u8]) -> Vec<u8> {
    assert!(raw.len() <= MAX_RAW_LEN, "a {} of {} bytes cannot be framed", kind.name(), raw.len());
    let packed = deflate(raw);
    let (pack, body) = if packed.len() < raw.len() { (1, packed.as_slice()) } else { (0, raw) };
    let mut file = Vec::with_capacity(HEADER_LEN + body.len());
    file.extend_from_slice(&MAGIC);
    file.extend_from_slice(&FORMAT_VERSION.to_le_bytes());
    file.push(kind as u8);
    file.push(pack);
    file.extend_from_slice(&(body.len() as u32).to_le_bytes());
    file.extend_from_slice(&(raw.len() as u32).to_le_bytes());
    file.extend_from_slice(&xxh3_64(body).to_le_bytes());
    file.extend_from_slice(body);
    file
}

/// Takes the payload out of a frame, after checking that it is a whole `kind` of a readable version.
///
/// `file` is only used in messages.
///
/// # Errors
/// Anything that is not exactly such a file: another magic, version or kind, a length or checksum that differs.
pub fn open(file: &str, kind: Kind, bytes: &[u8]) -> Result<Vec<u8>> {
    let Some((header, body)) = bytes.split_at_checked(HEADER_LEN) else {
        return Err(Error::new(
            file,
            format!("at least {HEADER_LEN} bytes"),
            format!("{} bytes", bytes.len()),
            REBUILD,
        ));
    };
    if header[..4] != MAGIC {
        let way_out =
            "the host answered with something else, often an HTML error page: check that the file exists";
        return Err(Error::new(file, "a McDewey file", "another kind of content", way_out));
    }
    let version = u16::from_le_bytes([header[4], header[5]]);
    let oldest = kind.oldest_readable();
    if !(oldest..=FORMAT_VERSION).contains(&version) {
        let expected = format!("format version {oldest} to {FORMAT_VERSION}");
        let way_out = if version > FORMAT_VERSION {
            "the site was built by a newer McDewey: use that version to read it"
        } else {
            "the site was built by an older McDewey: build it again"
        };
        return Err(Error::new(file, expected, format!("version {version}"), way_out));
    }
    if Kind::of(header[6]) != Some(kind) {
        let got = Kind::of(header[6])
            .map_or_else(|| format!("kind {}", header[6]), |found| format!("a {}", found.name()));
        return Err(Error::new(file, format!("a {}", kind.name()), got, REBUILD));
    }
    let body_len = u32_at(header, 8) as usize;
    if body.len() != body_len {
        return Err(Error::new(
            file,
            format!("{} bytes", HEADER_LEN + body_len),
            format!("{} bytes", bytes.len()),
            REBUILD,
        ));
    }
    let sum = u64::from_le_bytes(header[16..24].try_into().expect("eight bytes of the header"));
    let found = xxh3_64(body);
    if sum != found {
        return Err(Error::new(file, format!("checksum {sum:016x}"), format!("{found:016x}"), REBUILD));
    }
    let raw_len = u32_at(header, 12) as usize;
    if raw_len > MAX_RAW_LEN {
        return Err(Error::new(
            file,
            format!("at most {MAX_RAW_LEN} bytes unpacked"),
            format!("{raw_len}"),
            REBUILD,
        ));
    }
    let raw = match header[7] {
        0 => body.to_vec(),
        1 => inflate::decompress_to_vec_with_limit(body, raw_len)
            .map_err(|_| Error::new(file, "a DEFLATE body", "one that does not unpack", REBUILD))?,
        other => return Err(Error::new(file, "packing 0 or 1", format!("packing {other}"), REBUILD)),
    };
    if raw.len() != raw_len {
        return Err(Error::new(file, format!("{raw_len} bytes unpacked"), format!("{}", raw.len()), REBUILD));
    }
    Ok(raw)
}

/// The content hash used in file names: XXH3 of the whole file, 64 bits.
pub fn content_hash(file: &[u8]) -> u64 {
    xxh3_64(file)
}

/// The smaller of two ways to write `raw` as DEFLATE; the first when they are as long.
fn deflate(raw: &[u8]) -> Vec<u8> {
    let repeats = deflate::compress_to_vec(raw, DEFLATE_LEVEL);
    let frequencies = by_frequency(raw);
    if frequencies.len() < repeats.len() { frequencies } else { repeats }
}

/// DEFLATE with Huffman codes only, no repetitions.
fn by_frequency(raw: &[u8]) -> Vec<u8> {
    let strategy = CompressionStrategy::HuffmanOnly as i32;
    let flags = create_comp_flags_from_zip_params(i32::from(DEFLATE_LEVEL), 0, strategy);
    let mut packed = Vec::new();
    compress_to_output(&mut CompressorOxide::new(flags), raw, TDEFLFlush::Finish, |bytes| {
        packed.extend_from_slice(bytes);
        true
    });
    packed
}

fn u32_at(bytes: &[u8], at: usize) -> u32 {
    u32::from_le_bytes(bytes[at..at + 4].try_into().expect("four bytes of the header"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sealed_opens_again() {
        for raw in [Vec::new(), b"x".to_vec(), b"abc".repeat(1000), (0..=255).collect()] {
            let file = seal(Kind::Shard, &raw);
            assert_eq!(open("t.mcd", Kind::Shard, &file), Ok(raw));
        }
    }

    #[test]
    fn noise_with_few_letters_packs_to_about_its_entropy() {
        let mut state = 1u32;
        let noise: Vec<u8> = (0..60_000)
            .map(|_| {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                (state >> 28) as u8
            })
            .collect();
        let file = seal(Kind::Encoder, &noise);
        assert!(file.len() < noise.len() * 51 / 100, "four bits a letter, got {} bytes", file.len());
        assert_eq!(open("t", Kind::Encoder, &file), Ok(noise));
    }

    #[test]
    fn every_truncation_and_every_flipped_byte_is_an_error() {
        let file = seal(Kind::Cell, &b"the quick brown fox ".repeat(20));
        for end in 0..file.len() {
            assert!(open("t", Kind::Cell, &file[..end]).is_err(), "truncated at {end}");
        }
        for at in 0..file.len() {
            let mut bad = file.clone();
            bad[at] ^= 0x55;
            assert!(open("t", Kind::Cell, &bad).is_err(), "flipped at {at}");
        }
    }

    #[test]
    fn a_bomb_is_refused_at_its_declared_length() {
        let mut file = seal(Kind::Boot, &vec![0; 1 << 20]);
        file[12..16].copy_from_slice(&1000u32.to_le_bytes());
        let error = open("bomb.mcd", Kind::Boot, &file).unwrap_err();
        assert_eq!(
            error.to_string(),
            "bomb.mcd: expected a DEFLATE body, got one that does not unpack; \
             the file is damaged or incomplete: fetch it again, or rebuild the site"
        );
    }

    #[test]
    fn messages_name_the_way_out() {
        let page = open("cell.mcd", Kind::Cell, b"<!doctype html><title>404 Not Found</title>").unwrap_err();
        assert!(page.to_string().contains("often an HTML error page"), "{page}");
        let shard = seal(Kind::Shard, b"terms");
        let other = open("a.mcd", Kind::Cell, &shard).unwrap_err();
        assert!(other.to_string().starts_with("a.mcd: expected a cell, got a shard"), "{other}");
    }
}
