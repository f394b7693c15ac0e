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

#[cfg(test)]
mod tests {
    use std::fs::File;
    use std::io::{Seek as _, SeekFrom};

    use parquet::file::reader::{FileReader as _, SerializedFileReader};
    use parquet::record::Field;

    use super::*;

    const SCHEMA: &str = "message shapes {
        required binary text (STRING);
        optional binary more (STRING);
        required int32 number;
        optional int32 page;
        required boolean flag;
        required group names (LIST) { repeated group list { required binary element (STRING); } }
        required group vector (LIST) { repeated group list { required float element; } }
    }";

    fn written(rows: &[Vec<Cell<'_>>]) -> File {
        let mut file = tempfile::tempfile().unwrap();
        let mut table = Table::begin(&mut file, SCHEMA, &[("key", "value".to_owned())]).unwrap();
        rows.iter().for_each(|row| table.row(row).unwrap());
        assert_eq!(table.finish().unwrap(), rows.len() as u64);
        file
    }

    fn bytes(mut file: File) -> Vec<u8> {
        let mut bytes = Vec::new();
        file.seek(SeekFrom::Start(0)).unwrap();
        std::io::Read::read_to_end(&mut file, &mut bytes).unwrap();
        bytes
    }

    fn is_same(cell: &Cell<'_>, field: &Field) -> bool {
        match (cell, field) {
            (Cell::Text(ours), Field::Str(theirs)) => ours == theirs,
            (Cell::Number(ours), Field::Int(theirs)) => i64::from(*ours) == i64::from(*theirs),
            (Cell::Flag(ours), Field::Bool(theirs)) => ours == theirs,
            (Cell::Nothing, Field::Null) => true,
            (Cell::Texts(ours), Field::ListInternal(theirs)) => {
                let theirs = theirs.elements();
                ours.len() == theirs.len()
                    && ours.iter().zip(theirs).all(|(ours, theirs)| is_same(&Cell::Text(ours), theirs))
            }
            (Cell::Vector(ours), Field::ListInternal(theirs)) => {
                let theirs = theirs.elements();
                ours.len() == theirs.len()
                    && ours.iter().zip(theirs).all(|(ours, theirs)| *theirs == Field::Float(*ours))
            }
            _ => false,
        }
    }

    #[test]
    fn what_is_written_is_read() {
        let vector = [0.5, -0.25, f32::MIN_POSITIVE];
        let row = |n: u32| {
            let sometimes = n.is_multiple_of(3);
            vec![
                Cell::Text(["", "plain", "größer\0 als\n“漢字” 🦀"][n as usize % 3]),
                Cell::text(sometimes.then_some("more")),
                Cell::Number(n),
                Cell::number((!sometimes).then_some(i32::MAX as u32)),
                Cell::Flag(sometimes),
                Cell::Texts(["a", "", "b"][..n as usize % 4].to_vec()),
                Cell::Vector(&vector[..n as usize % 4]),
            ]
        };
        let rows: Vec<_> = (0..ROWS as u32 * 2 + 7).map(row).collect();
        let reader = SerializedFileReader::new(written(&rows)).unwrap();
        let groups = reader.metadata().row_groups().iter().map(|group| group.num_rows());
        assert_eq!(groups.collect::<Vec<_>>(), [ROWS as i64, ROWS as i64, 7]);
        let facts = reader.metadata().file_metadata().key_value_metadata().unwrap();
        assert_eq!((facts[0].key.as_str(), facts[0].value.as_deref()), ("key", Some("value")));
        let mut read = 0;
        for (ours, theirs) in rows.iter().zip(reader.get_row_iter(None).unwrap()) {
            let theirs = theirs.unwrap();
            assert_eq!(theirs.len(), ours.len());
            for (ours, (name, theirs)) in ours.iter().zip(theirs.get_column_iter()) {
                assert!(is_same(ours, theirs), "row {read}, {name}: wrote {ours:?}, read {theirs:?}");
            }
            read += 1;
        }
        assert_eq!(read, rows.len());
        assert_eq!(bytes(written(&rows)), bytes(written(&rows)), "same rows, same bytes");
    }

    #[test]
    fn rows_that_weigh_much_are_written_before_they_are_many() {
        let text = "x".repeat(BYTES / 4);
        let row = vec![
            Cell::Text(&text),
            Cell::Nothing,
            Cell::Number(0),
            Cell::Nothing,
            Cell::Flag(true),
            Cell::Texts(vec![]),
            Cell::Vector(&[]),
        ];
        let reader = SerializedFileReader::new(written(&vec![row; 5])).unwrap();
        assert_eq!(reader.num_row_groups(), 2);
    }

    #[test]
    fn a_table_without_rows_is_a_table() {
        let reader = SerializedFileReader::new(written(&[])).unwrap();
        assert_eq!(reader.get_row_iter(None).unwrap().count(), 0);
        assert_eq!(reader.metadata().file_metadata().schema_descr().num_columns(), 7);
    }

    #[test]
    fn what_a_column_cannot_hold_is_named() {
        let schema = "message one { required int32 page; }";
        let mut table = Table::begin(Vec::new(), schema, &[]).unwrap();
        for (cells, expected) in [
            (vec![Cell::Number(u32::MAX)], "the column page cannot hold the number 4294967295"),
            (vec![Cell::Nothing], "the column page cannot hold a cell of another kind"),
            (vec![], "expected a row of 1 cells, got 0"),
        ] {
            let error = table.row(&cells).unwrap_err().to_string();
            assert!(error.ends_with(expected), "{error}");
        }
        let gaps =
            "message one { required group l (LIST) { repeated group list { optional int32 element; } } }";
        for schema in ["message one { required int96 time; }", gaps, "nonsense"] {
            assert!(Table::begin(Vec::new(), schema, &[]).is_err(), "{schema}");
        }
    }
}
