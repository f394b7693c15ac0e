//! A shard: a sorted slice of the term dictionary, with everything known of each term.
//!
//! ```text
//! terms:      for each term, sorted   shared bytes with the one before · suffix length · suffix
//!                                     df << 1 | has a vector · bytes of postings · bytes of positions
//! postings:   for each chunk          delta << 4 | field mask (varint) · occurrences in each field of the mask
//! positions:  for each chunk          deltas between positions over all fields; none for stop words
//! vectors:    for each term that has one, its part of a query's vector (a code, its own length kept)
//! ```
//!
//! df is the number of chunks that have the term; 0 for a word of the general vocabulary, which is here for its
//! vector alone.
//!
//! Positions are one sequence a chunk: title, headings, then text (body and code as they stand), with a
//! [`FIELD_GAP`] between. Shards are cut by encoded bytes, not by words, so that one is about as long to fetch in
//! every script. Keyword evidence and the meaning of a word travel in the same request.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use crate::code::{self, Bits};
use crate::{Error, Kind, Result, error::REBUILD, read, wire, write};

/// Bits a component of a term's vector: coarse, since a query sums several.
const VECTOR_BITS: Bits = Bits::Int4;

/// Where in a chunk a term stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Field {
    /// The document's title.
    Title = 0,
    /// The headings above the chunk and inside it.
    Heading = 1,
    /// Prose.
    Body = 2,
    /// Code.
    Code = 3,
}

impl Field {
    /// Every field, in the order of counts.
    pub const ALL: [Self; FIELD_COUNT] = [Self::Title, Self::Heading, Self::Body, Self::Code];

    /// The word for this field in explanations.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Title => "title",
            Self::Heading => "heading",
            Self::Body => "words",
            Self::Code => "code",
        }
    }
}

/// The number of fields.
pub const FIELD_COUNT: usize = 4;

/// Positions between one field and the next, so that no phrase spans two fields.
pub const FIELD_GAP: u32 = 64;

/// One chunk that has a term.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Posting {
    /// Number of the chunk in the library.
    pub chunk: u32,
    /// Occurrences by field.
    pub counts: [u32; FIELD_COUNT],
}

/// Collects one term's postings, chunk by chunk, already encoded.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PostingList {
    df: u32,
    last_chunk: u32,
    #[serde(with = "serde_bytes")]
    postings: Vec<u8>,
    #[serde(with = "serde_bytes")]
    positions: Vec<u8>,
}

impl PostingList {
    /// Adds a chunk. Chunks must come in rising order; `positions` must be sorted and may be empty.
    pub fn push(&mut self, posting: Posting, positions: &[u32]) {
        let mask = Field::ALL
            .iter()
            .fold(0, |mask, &field| mask | u32::from(posting.counts[field as usize] > 0) << field as usize);
        wire::put(&mut self.postings, (posting.chunk - self.last_chunk) << 4 | mask);
        posting
            .counts
            .iter()
            .filter(|&&count| count > 0)
            .for_each(|&count| wire::put(&mut self.postings, count));
        let mut before = 0;
        for &position in positions {
            wire::put(&mut self.positions, position - before);
            before = position;
        }
        self.last_chunk = posting.chunk;
        self.df += 1;
    }

    /// Adds all of `later`, whose chunks are numbered from `first` on; they come after those of this list. The result is
    /// that of pushing them one by one.
    pub fn append(&mut self, first: u32, later: Self) {
        let mut postings = wire::Reader::new("a posting list", &later.postings);
        // Its first posting tells a chunk's number; here it tells the distance from our last chunk. An empty list has none.
        let Ok(posting) = postings.number() else { return };
        wire::put(&mut self.postings, posting + (first << 4) - (self.last_chunk << 4));
        self.postings.extend(postings.rest());
        self.positions.extend(later.positions);
        self.last_chunk = first + later.last_chunk;
        self.df += later.df;
    }

    /// Chunks that have the term.
    pub fn df(&self) -> u32 {
        self.df
    }
}

/// What a shard holds of a term.
#[derive(Debug, Clone, Default)]
pub struct Entry {
    /// The chunks that have it; none for a word of the general vocabulary.
    pub list: PostingList,
    /// Its part of a query's vector, in the space of the cells, as [`vector_code`] gives it.
    pub vector: Option<Vec<u8>>,
}

/// What a shard holds of a term's vector. It is made once: a code that is decoded and made again may be another.
pub fn vector_code(vector: &[f32]) -> Vec<u8> {
    let mut code = Vec::with_capacity(code::code_len(VECTOR_BITS, vector.len()));
    code::encode(VECTOR_BITS, vector, &mut code);
    code
}

/// The vector of `dims` components that a term's code stands for.
pub fn vector_of(dims: usize, code: &[u8]) -> Vec<f32> {
    code::decode(VECTOR_BITS, dims, code)
}

impl Entry {
    fn encoded_len(&self) -> usize {
        self.list.postings.len() + self.list.positions.len() + self.vector.as_ref().map_or(0, Vec::len) + 8
    }
}

/// A term of a shard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Term {
    /// The term.
    pub text: String,
    /// How many chunks of the library have it.
    pub df: u32,
    postings: Range<usize>,
    positions: Range<usize>,
    vector: Option<usize>,
}

/// A sorted slice of the dictionary.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shard {
    file: String,
    terms: Vec<Term>,
    postings: Vec<u8>,
    positions: Vec<u8>,
    vector_dims: usize,
    vectors: Vec<u8>,
}

#[derive(Serialize, Deserialize)]
struct Body {
    count: u32,
    #[serde(with = "serde_bytes")]
    terms: Vec<u8>,
    #[serde(with = "serde_bytes")]
    postings: Vec<u8>,
    #[serde(with = "serde_bytes")]
    positions: Vec<u8>,
    /// Components of a term's vector; 0 when no term has one.
    vector_dims: u16,
    #[serde(with = "serde_bytes")]
    vectors: Vec<u8>,
}

/// Terms that go into one file.
#[derive(Debug, Clone, Default)]
pub struct Slice {
    terms: Vec<(String, Entry)>,
    dims: usize,
}

/// Cuts sorted terms into shards of about `target` bytes each before compression.
///
/// A term whose own list is longer than `target` has a shard to itself. All vectors must have `dims` components.
/// Where there are `bounds`, the sorted first terms of an earlier cut, it is cut at those and only a shard that has grown
/// to twice the target is cut again, so that a few words more leave the other shards as they are.
pub fn cut(
    terms: impl IntoIterator<Item = (String, Entry)>,
    dims: usize,
    target: usize,
    bounds: &[String],
) -> Vec<Slice> {
    let most = if bounds.is_empty() { target } else { 2 * target };
    let mut bounds = bounds.iter().peekable();
    let mut slices = Vec::new();
    let mut slice = Slice { terms: Vec::new(), dims };
    let mut size = 0;
    let mut flush = |slice: &mut Slice| {
        if !slice.terms.is_empty() {
            slices.push(Slice { terms: std::mem::take(&mut slice.terms), dims });
        }
    };
    for (term, entry) in terms {
        let len = term.len() + entry.encoded_len();
        let mut at_bound = false;
        while bounds.next_if(|&bound| *bound <= term).is_some() {
            at_bound = true;
        }
        if at_bound || size + len > most {
            flush(&mut slice);
            size = 0;
        }
        size += len;
        slice.terms.push((term, entry));
    }
    flush(&mut slice);
    slices
}

impl Slice {
    /// The first term.
    pub fn first(&self) -> &str {
        self.terms.first().map_or("", |(term, _)| term)
    }

    /// The file's bytes.
    pub fn to_file(&self) -> Vec<u8> {
        let has_vectors = self.terms.iter().any(|(_, entry)| entry.vector.is_some());
        let mut body = Body {
            count: self.terms.len() as u32,
            terms: Vec::new(),
            postings: Vec::new(),
            positions: Vec::new(),
            vector_dims: if has_vectors { self.dims as u16 } else { 0 },
            vectors: Vec::new(),
        };
        let mut before = "";
        for (term, entry) in &self.terms {
            let list = &entry.list;
            let shared = term.bytes().zip(before.bytes()).take_while(|(a, b)| a == b).count();
            let suffix = &term.as_bytes()[shared..];
            wire::put(&mut body.terms, shared as u32);
            wire::put(&mut body.terms, suffix.len() as u32);
            body.terms.extend_from_slice(suffix);
            wire::put(&mut body.terms, list.df << 1 | u32::from(entry.vector.is_some()));
            wire::put(&mut body.terms, list.postings.len() as u32);
            wire::put(&mut body.terms, list.positions.len() as u32);
            body.postings.extend_from_slice(&list.postings);
            body.positions.extend_from_slice(&list.positions);
            body.vectors.extend(entry.vector.iter().flatten());
            before = term;
        }
        write(Kind::Shard, &body)
    }
}

impl Shard {
    /// Reads a file's bytes.
    ///
    /// # Errors
    /// When the frame or the body is not that of a whole shard.
    pub fn from_file(file: &str, bytes: &[u8]) -> Result<Self> {
        let body: Body = read(file, Kind::Shard, bytes)?;
        let malformed = |got: &str| Error::new(file, "a sorted list of terms", got, REBUILD);
        let mut numbers = wire::Reader::new(file, &body.terms);
        let mut terms: Vec<Term> = Vec::new();
        let (mut postings_end, mut positions_end, mut vectors) = (0, 0, 0);
        for _ in 0..body.count {
            let shared = numbers.number()? as usize;
            let suffix = numbers.number()?;
            let before = terms.last().map_or(&[][..], |term| term.text.as_bytes());
            let mut text = before.get(..shared).ok_or_else(|| malformed("a broken prefix"))?.to_vec();
            for _ in 0..suffix {
                text.push(numbers.byte()?);
            }
            let text = String::from_utf8(text).map_err(|_| malformed("a term that is not UTF-8"))?;
            let head = numbers.number()?;
            let vector = (head & 1 == 1).then(|| {
                vectors += 1;
                vectors - 1
            });
            let (postings, positions) = (numbers.number()? as usize, numbers.number()? as usize);
            let entry = Term {
                text,
                df: head >> 1,
                postings: postings_end..postings_end + postings,
                positions: positions_end..positions_end + positions,
                vector,
            };
            (postings_end, positions_end) = (entry.postings.end, entry.positions.end);
            if terms.last().is_some_and(|last| last.text >= entry.text) {
                return Err(malformed("terms out of order"));
            }
            terms.push(entry);
        }
        if postings_end != body.postings.len() || positions_end != body.positions.len() {
            return Err(malformed("lists of another length"));
        }
        let vector_dims = usize::from(body.vector_dims);
        if vectors * code::code_len(VECTOR_BITS, vector_dims) != body.vectors.len() {
            return Err(malformed("vectors of another length"));
        }
        Ok(Self {
            file: file.to_owned(),
            terms,
            postings: body.postings,
            positions: body.positions,
            vector_dims,
            vectors: body.vectors,
        })
    }

    /// The term's part of a query's vector, if a build fitted one: not of unit length, since frequent words say less.
    pub fn vector(&self, term: &Term) -> Option<Vec<f32>> {
        Some(vector_of(self.vector_dims, self.code(term)?))
    }

    /// The code of that vector, for a build that takes it over.
    pub fn code(&self, term: &Term) -> Option<&[u8]> {
        self.vectors.chunks_exact(code::code_len(VECTOR_BITS, self.vector_dims)).nth(term.vector?)
    }

    /// The entry of a term, if the shard has it.
    pub fn find(&self, term: &str) -> Option<&Term> {
        let at = self.terms.binary_search_by(|entry| entry.text.as_str().cmp(term)).ok()?;
        Some(&self.terms[at])
    }

    /// The terms that begin with `prefix`, sorted.
    pub fn with_prefix(&self, prefix: &str) -> &[Term] {
        let from = self.terms.partition_point(|entry| entry.text.as_str() < prefix);
        let len = self.terms[from..].partition_point(|entry| entry.text.starts_with(prefix));
        &self.terms[from..from + len]
    }

    /// Every term, sorted.
    pub fn terms(&self) -> &[Term] {
        &self.terms
    }

    /// The chunks that have `term`, in rising order.
    ///
    /// # Errors
    /// When the list does not decode.
    pub fn postings(&self, term: &Term) -> Result<Vec<Posting>> {
        let mut numbers = wire::Reader::new(&self.file, &self.postings[term.postings.clone()]);
        let mut postings = Vec::with_capacity(term.postings.len() / 2);
        let mut chunk = 0u32;
        while !numbers.is_empty() {
            let head = numbers.number()?;
            chunk = chunk.saturating_add(head >> 4);
            let mut counts = [0; FIELD_COUNT];
            for field in Field::ALL {
                if head >> (field as usize) & 1 == 1 {
                    counts[field as usize] = numbers.number()?;
                }
            }
            postings.push(Posting { chunk, counts });
        }
        Ok(postings)
    }

    /// Where `term` stands in each chunk of `postings`; empty lists for a stop word.
    ///
    /// # Errors
    /// When the list does not decode.
    pub fn positions(&self, term: &Term, postings: &[Posting]) -> Result<Vec<Vec<u32>>> {
        let mut numbers = wire::Reader::new(&self.file, &self.positions[term.positions.clone()]);
        if numbers.is_empty() {
            return Ok(vec![Vec::new(); postings.len()]);
        }
        postings
            .iter()
            .map(|posting| {
                let mut position = 0u32;
                (0..posting.counts.iter().fold(0u32, |sum, &count| sum.saturating_add(count)))
                    .map(|_| {
                        position = position.saturating_add(numbers.number()?);
                        Ok(position)
                    })
                    .collect()
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(chunks: &[(u32, [u32; FIELD_COUNT], &[u32])]) -> PostingList {
        let mut list = PostingList::default();
        chunks.iter().for_each(|&(chunk, counts, positions)| list.push(Posting { chunk, counts }, positions));
        list
    }

    fn sample() -> Vec<(String, Entry)> {
        let entry =
            |list, vector: Option<Vec<f32>>| Entry { list, vector: vector.as_deref().map(vector_code) };
        let connect = list(&[(0, [1, 0, 2, 0], &[0, 80, 99]), (7, [0, 0, 0, 1], &[5])]);
        vec![
            ("connect".into(), entry(connect, Some(vec![7.5, -4.0, 0.0]))),
            ("connector".into(), entry(list(&[(7, [0, 1, 0, 0], &[64])]), None)),
            ("friend".into(), entry(PostingList::default(), Some(vec![0.0, 0.5, 0.5]))),
            ("of".into(), entry(list(&[(0, [0, 0, 9, 0], &[]), (3, [0, 0, 1, 0], &[])]), None)),
        ]
    }

    #[test]
    fn lists_of_parts_of_a_library_make_the_list_of_the_whole() {
        let all: [(u32, [u32; FIELD_COUNT], &[u32]); 3] =
            [(2, [1, 0, 0, 0], &[3]), (40, [0, 1, 0, 2], &[7, 900]), (41, [0, 0, 1, 0], &[])];
        for cut in 0..=all.len() {
            let (mut whole, mut second) = (list(&all[..cut]), all[cut..].to_vec());
            let first = second.first().map_or(0, |posting| posting.0);
            second.iter_mut().for_each(|posting| posting.0 -= first);
            whole.append(first, list(&second));
            assert_eq!(whole, list(&all), "cut at {cut}");
        }
    }

    #[test]
    fn terms_postings_and_positions_come_back() {
        let slices = cut(sample(), 3, usize::MAX, &[]);
        assert_eq!(slices.len(), 1);
        let shard = Shard::from_file("s", &slices[0].to_file()).unwrap();
        let connect = shard.find("connect").unwrap();
        assert_eq!(connect.df, 2);
        let postings = shard.postings(connect).unwrap();
        assert_eq!(postings[1], Posting { chunk: 7, counts: [0, 0, 0, 1] });
        assert_eq!(shard.positions(connect, &postings).unwrap(), [vec![0, 80, 99], vec![5]]);
        let of = shard.find("of").unwrap();
        let postings = shard.postings(of).unwrap();
        assert_eq!(shard.positions(of, &postings).unwrap(), [Vec::<u32>::new(), Vec::new()]);
        let found: Vec<_> = shard.with_prefix("conn").iter().map(|term| term.text.as_str()).collect();
        assert_eq!(found, ["connect", "connector"]);
        assert!(shard.find("con").is_none());
    }

    #[test]
    fn vectors_come_back_within_half_a_step() {
        let shard = Shard::from_file("s", &cut(sample(), 3, usize::MAX, &[])[0].to_file()).unwrap();
        for (term, vector) in [("connect", [7.5f32, -4.0, 0.0]), ("friend", [0.0, 0.5, 0.5])] {
            let back = shard.vector(shard.find(term).unwrap()).unwrap();
            let peak = vector.iter().fold(0f32, |peak, x| peak.max(x.abs()));
            let error = back.iter().zip(&vector).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
            assert!(error <= peak / 10.0, "{term}: {back:?} for {vector:?}");
        }
        for (term, entry) in sample() {
            assert_eq!(shard.code(shard.find(&term).unwrap()), entry.vector.as_deref(), "{term}");
        }
        assert_eq!(shard.find("friend").unwrap().df, 0);
    }

    #[test]
    fn shards_are_cut_by_bytes() {
        let slices = cut(sample(), 3, 1, &[]);
        let firsts: Vec<_> = slices.iter().map(Slice::first).collect();
        assert_eq!(firsts, ["connect", "connector", "friend", "of"]);
    }

    #[test]
    fn an_earlier_cut_is_kept() {
        let bounds = ["conn", "connecting", "of"].map(str::to_owned);
        let slices = cut(sample(), 3, 1 << 20, &bounds);
        let firsts: Vec<_> = slices.iter().map(Slice::first).collect();
        assert_eq!(firsts, ["connect", "connector", "of"]);
    }

    #[test]
    fn terms_out_of_order_are_refused() {
        let mut terms = sample();
        terms.reverse();
        let error = Shard::from_file("s.mcd", &Slice { terms, dims: 3 }.to_file()).unwrap_err();
        assert!(error.to_string().contains("terms out of order"), "{error}");
    }
}
