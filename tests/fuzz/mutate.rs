//! Real documents, spoilt: what one hand slip, a broken download and an attacker would make of them.

use fastrand::Rng;

/// Changes of one input, at most. With more, hardly any input gets past the first lines of a parser.
const CHANGES: usize = 6;

/// How often a part is said again, at most: enough for what takes time in the square of it to be seen.
const TIMES: usize = 2_000;

/// Largest input, in bytes.
const LARGEST: usize = 256 << 10;

/// Bytes that mean something to somebody.
const ODD: [u8; 14] = [0, 1, 0x7f, 0x80, 0xff, 0xfe, b'<', b'>', b'"', b'\'', b'(', b'\\', b'\n', b' '];

/// Makes inputs, the same ones every time.
pub struct Mutator {
    rng: Rng,
    seeds: Vec<Vec<u8>>,
    words: Vec<Vec<u8>>,
}

impl Mutator {
    /// From these documents, and with these words of their language.
    pub fn new(seed: u64, seeds: Vec<Vec<u8>>, words: &[&str]) -> Self {
        let words = words.iter().map(|word| word.as_bytes().to_vec()).collect();
        Self { rng: Rng::with_seed(seed), seeds, words }
    }

    /// The next input.
    pub fn next(&mut self) -> Vec<u8> {
        let mut input = self.seed();
        for _ in 0..self.rng.usize(1..=CHANGES) {
            self.change(&mut input);
            input.truncate(LARGEST);
        }
        input
    }

    fn seed(&mut self) -> Vec<u8> {
        self.seeds[self.rng.usize(..self.seeds.len())].clone()
    }

    fn change(&mut self, input: &mut Vec<u8>) {
        let at = self.rng.usize(..=input.len());
        let end = at + self.rng.usize(..=(input.len() - at).min(64));
        match self.rng.u8(..8) {
            0 if at < input.len() => input[at] ^= 1 << self.rng.u8(..8),
            1 if at < input.len() => input[at] = ODD[self.rng.usize(..ODD.len())],
            2 => drop(input.drain(at..end)),
            3 => input.truncate(at),
            4 => {
                let word = self.words[self.rng.usize(..self.words.len())].clone();
                let times = if self.rng.u8(..4) == 0 { self.rng.usize(1..=TIMES) } else { 1 };
                input.splice(at..at, word.repeat(times));
            }
            5 => {
                let part = input[at..end].to_vec();
                let times = self.rng.usize(1..=TIMES);
                input.splice(end..end, part.repeat(times));
            }
            6 => {
                let other = self.seed();
                let from = self.rng.usize(..=other.len());
                let to = (from + self.rng.usize(..1_000)).min(other.len());
                input.splice(at..end, other[from..to].iter().copied());
            }
            _ => {
                // A number becomes another one.
                if let Some(digit) = (at..input.len()).find(|at| input[*at].is_ascii_digit()) {
                    let number = [&b"0"[..], b"-1", b"65536", b"4294967296", b"9"][self.rng.usize(..5)];
                    input.splice(digit..=digit, number.iter().copied());
                }
            }
        }
    }
}
