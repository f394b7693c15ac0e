//! Rows → a Parquet file, a few thousand at a time.
//!
//! ```text
//! row ──► a buffer for each column ──(8,192 rows, or 64 MB)──► row group ──► file
//! ```
//!
//! A schema in Parquet's own words says what the columns are. Three shapes are enough for us, and Parquet tells them apart
//! by two small numbers beside each value:
//!
//! | column | definition | repetition |
//! |---|---|---|
//! | `required` | | |
//! | `optional` | 1 for a value, 0 for none | |
//! | a list | 1 for an element, 0 for an empty list | 0 begins a row, 1 continues it |
//!
//! The writer below Apache's Arrow layer is used, which does all of this with a tenth of the code to compile.

use std::io::Write;

use parquet::basic::{Compression, GzipLevel, Type};
use parquet::column::writer::ColumnWriter;
use parquet::data_type::ByteArray;
use parquet::errors::{ParquetError, Result};
use parquet::file::metadata::KeyValue;
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::parser::parse_message_type;
use parquet::schema::types::ColumnDescriptor;

/// Rows that are written together. Readers work on row groups in parallel and hold whole ones in memory; with vectors of
/// 384 components one has 13 MB.
pub const ROWS: usize = 8_192;
/// What rows may take in memory before they are written, however few they are.
const BYTES: usize = 64 << 20;

/// What a row has in a column.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell<'a> {
    /// Text.
    Text(&'a str),
    /// A number below 2^31, Parquet's `int32`.
    Number(u32),
    /// Yes or no.
    Flag(bool),
    /// Texts in order.
    Texts(Vec<&'a str>),
    /// Components of a vector.
    Vector(&'a [f32]),
    /// Nothing, in an optional column.
    Nothing,
}

impl<'a> Cell<'a> {
    /// A text that may be missing.
    pub fn text(text: Option<&'a str>) -> Self {
        text.map_or(Self::Nothing, Self::Text)
    }

    /// A number that may be missing.
    pub fn number(number: Option<u32>) -> Self {
        number.map_or(Self::Nothing, Self::Number)
    }
}

/// A Parquet file that is being written.
pub struct Table<W: Write + Send> {
    writer: SerializedFileWriter<W>,
    columns: Vec<Column>,
    rows: u64,
    waiting_rows: usize,
    waiting_bytes: usize,
}

impl<W: Write + Send> Table<W> {
    /// Begins a table with the columns of `schema`, a Parquet message. `facts` are kept with it, as (key, value).
    ///
    /// # Errors
    /// A schema that Parquet or this writer does not understand, or a disk that refuses.
    pub fn begin(to: W, schema: &str, facts: &[(&str, String)]) -> Result<Self> {
        let schema = parse_message_type(schema)?;
        let facts =
            facts.iter().map(|(key, value)| KeyValue::new((*key).to_owned(), value.clone())).collect();
        let properties = WriterProperties::builder()
            .set_created_by(concat!("mcdewey version ", env!("CARGO_PKG_VERSION")).to_owned())
            .set_key_value_metadata(Some(facts))
            .set_compression(Compression::GZIP(GzipLevel::default()))
            .set_statistics_enabled(EnabledStatistics::Chunk)
            .build();
        let writer = SerializedFileWriter::new(to, schema.into(), properties.into())?;
        let columns = writer.schema_descr().columns().iter().map(|column| Column::of(column));
        let columns = columns.collect::<Result<_>>()?;
        Ok(Self { writer, columns, rows: 0, waiting_rows: 0, waiting_bytes: 0 })
    }

    /// Adds a row, a cell for each column.
    ///
    /// # Errors
    /// Cells that are not what the columns hold, or a disk that refuses.
    pub fn row(&mut self, cells: &[Cell<'_>]) -> Result<()> {
        if cells.len() != self.columns.len() {
            let (expected, got) = (self.columns.len(), cells.len());
            return Err(ParquetError::General(format!("expected a row of {expected} cells, got {got}")));
        }
        for (column, cell) in self.columns.iter_mut().zip(cells) {
            self.waiting_bytes += column.push(cell)?;
        }
        self.rows += 1;
        self.waiting_rows += 1;
        if self.waiting_rows >= ROWS || self.waiting_bytes >= BYTES {
            self.write_group()?;
        }
        Ok(())
    }

    /// Writes what still waits and the directory of the file. The number of rows in all.
    ///
    /// # Errors
    /// A disk that refuses.
    pub fn finish(mut self) -> Result<u64> {
        if self.waiting_rows > 0 {
            self.write_group()?;
        }
        self.writer.close()?;
        Ok(self.rows)
    }

    fn write_group(&mut self) -> Result<()> {
        let mut group = self.writer.next_row_group()?;
        for column in &mut self.columns {
            if let Some(mut open) = group.next_column()? {
                column.write(open.untyped())?;
                open.close()?;
            }
        }
        group.close()?;
        (self.waiting_rows, self.waiting_bytes) = (0, 0);
        Ok(())
    }
}

/// What waits to be written of a column.
struct Column {
    name: String,
    optional: bool,
    list: bool,
    values: Values,
    definitions: Vec<i16>,
    repetitions: Vec<i16>,
}

enum Values {
    Texts(Vec<ByteArray>),
    Numbers(Vec<i32>),
    Flags(Vec<bool>),
    Components(Vec<f32>),
}

impl Column {
    fn of(column: &ColumnDescriptor) -> Result<Self> {
        let values = match column.physical_type() {
            Type::BYTE_ARRAY => Values::Texts(Vec::new()),
            Type::INT32 => Values::Numbers(Vec::new()),
            Type::BOOLEAN => Values::Flags(Vec::new()),
            Type::FLOAT => Values::Components(Vec::new()),
            other => {
                return Err(ParquetError::NYI(format!("a column of {other} ({})", column.path())));
            }
        };
        if column.max_def_level() > 1 || column.max_rep_level() > 1 {
            return Err(ParquetError::NYI(format!(
                "lists of lists, or of what may be missing ({})",
                column.path()
            )));
        }
        let list = column.max_rep_level() == 1;
        Ok(Self {
            name: column.path().parts().first().cloned().unwrap_or_default(),
            optional: column.max_def_level() == 1 && !list,
            list,
            values,
            definitions: Vec::new(),
            repetitions: Vec::new(),
        })
    }

    /// Adds a row's cell. How many bytes it takes.
    fn push(&mut self, cell: &Cell<'_>) -> Result<usize> {
        let (added, bytes) = match (cell, &mut self.values) {
            (Cell::Text(text), Values::Texts(all)) if !self.list => {
                all.push(ByteArray::from(*text));
                (1, text.len())
            }
            (Cell::Number(number), Values::Numbers(all)) if !self.list => {
                all.push(
                    i32::try_from(*number)
                        .map_err(|_| refusal(&self.name, &format!("the number {number}")))?,
                );
                (1, size_of::<i32>())
            }
            (Cell::Flag(flag), Values::Flags(all)) if !self.list => {
                all.push(*flag);
                (1, 1)
            }
            (Cell::Texts(texts), Values::Texts(all)) if self.list => {
                all.extend(texts.iter().map(|text| ByteArray::from(*text)));
                (texts.len(), texts.iter().map(|text| text.len()).sum())
            }
            (Cell::Vector(components), Values::Components(all)) if self.list => {
                all.extend(*components);
                (components.len(), size_of_val(*components))
            }
            (Cell::Nothing, _) if self.optional => (0, 0),
            _ => return Err(refusal(&self.name, "a cell of another kind")),
        };
        if self.optional || self.list {
            // An empty list and a missing value take a place, too.
            for place in 0..added.max(1) {
                self.definitions.push(i16::from(added > 0));
                self.repetitions.push(i16::from(place > 0));
            }
        }
        Ok(bytes)
    }

    fn write(&mut self, to: &mut ColumnWriter<'_>) -> Result<()> {
        let definitions = (self.optional || self.list).then_some(self.definitions.as_slice());
        let repetitions = self.list.then_some(self.repetitions.as_slice());
        match (&mut self.values, to) {
            (Values::Texts(values), ColumnWriter::ByteArrayColumnWriter(to)) => {
                to.write_batch(values, definitions, repetitions)?;
                values.clear();
            }
            (Values::Numbers(values), ColumnWriter::Int32ColumnWriter(to)) => {
                to.write_batch(values, definitions, repetitions)?;
                values.clear();
            }
            (Values::Flags(values), ColumnWriter::BoolColumnWriter(to)) => {
                to.write_batch(values, definitions, repetitions)?;
                values.clear();
            }
            (Values::Components(values), ColumnWriter::FloatColumnWriter(to)) => {
                to.write_batch(values, definitions, repetitions)?;
                values.clear();
            }
            _ => return Err(refusal(&self.name, "what its schema says")),
        }
        self.definitions.clear();
        self.repetitions.clear();
        Ok(())
    }
}

fn refusal(column: &str, what: &str) -> ParquetError {
    ParquetError::General(format!("the column {column} cannot hold {what}"))
}
