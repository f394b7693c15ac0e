//! What one PDF may cost. A PDF is a program in all but name: four kilobytes of it can ask for ten gigabytes of text
//! or for a picture of a million drawings, so every loop that a document controls ends at one of these numbers.

use std::time::Duration;

/// Largest PDF that is read. Larger ones are collections of scans.
pub const LARGEST_FILE_BYTES: u64 = 512 << 20;

/// Pages of one document; the longest manuals (processor references) have about 5,000.
pub const MOST_PAGES: usize = 10_000;

/// Characters read of one page. A page of a telephone book has 30,000.
pub const PAGE_GLYPHS: usize = 300_000;

/// Characters read of one document; 10,000 dense pages have 50 million.
pub const DOCUMENT_GLYPHS: usize = 64 << 20;

/// Rules kept of one page. A table of 500 rows with every cell drawn by itself has 10,000.
pub const PAGE_RULES: usize = 20_000;

/// Links kept of one page.
pub const PAGE_LINKS: usize = 1_000;

/// Outline entries read; the outlines of the longest manuals have some 20,000.
pub const OUTLINE_ENTRIES: usize = 100_000;

/// Levels of a tree inside the file (outline, names, labels, forms) that are followed. Real ones have under ten.
pub const TREE_DEPTH: usize = 32;

/// Nodes of a tree inside the file that are visited.
pub const TREE_NODES: usize = 500_000;

/// Pixels of one picture. Decoded, 64 million are 256 MB.
pub const PICTURE_PIXELS: u64 = 64 << 20;

/// Pixels along the longer side of a picture as published; larger ones are halved until they fit. A reader's screen
/// shows no more of it.
pub const PICTURE_SIDE: u32 = 3_200;

/// Largest JPEG that is passed through as it is.
pub const JPEG_BYTES: usize = 8 << 20;

/// Pictures kept of one document, and their bytes together.
pub const PICTURES: usize = 10_000;
/// See [`PICTURES`].
pub const PICTURE_BYTES: u64 = 512 << 20;

/// Pages shown as a picture of the whole page. Each costs some 100 ms and 100 kB.
pub const PAGE_PICTURES: usize = 400;

/// Drawings from which on a page is shown as a picture too: a diagram, not a frame around a note.
pub const DRAWINGS: u32 = 150;

/// Memory of a worker, all its mappings counted: the program itself, the file, its deep stack and a decoded picture.
pub const WORKER_BYTES: u64 = 2 << 30;

/// What a worker has before it knows how many pages there are, and for each page. The usual page takes a millisecond.
pub const WORKER_TIME: Duration = Duration::from_secs(60);
/// See [`WORKER_TIME`].
pub const WORKER_TIME_A_PAGE: Duration = Duration::from_millis(200);

/// Most that is taken from a worker: the document, text and HTML.
pub const ANSWER_BYTES: u64 = 512 << 20;
