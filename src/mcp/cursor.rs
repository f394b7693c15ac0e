//! Where does a long answer go on?
//!
//! A cursor is `build prefix . question . place`: it only fits the build and the question that it was made for. What
//! it says is checked, since a client may send anything.

use mcdewey_format::frame::content_hash;

/// The cursor of `place` in the answer to `question`.
pub fn write(build: &str, question: &str, place: u64) -> String {
    format!("{}.{:08x}.{place:x}", short(build), content_hash(question.as_bytes()) as u32)
}

/// The place that a cursor of this build and question means.
///
/// # Errors
/// A sentence for the agent when it is of another build or another question.
pub fn read(cursor: &str, build: &str, question: &str) -> Result<u64, String> {
    let again = "call again without cursor";
    let parts: Vec<&str> = cursor.split('.').collect();
    let [of_build, of_question, place] = parts[..] else {
        return Err(format!("cursor: expected one from an earlier answer; {again}"));
    };
    if of_build != short(build) {
        return Err(format!("cursor: the library was built anew since it was given; {again}"));
    }
    let same = of_question == format!("{:08x}", content_hash(question.as_bytes()) as u32);
    match u64::from_str_radix(place, 16) {
        Ok(place) if same => Ok(place),
        _ => Err(format!("cursor: it was given for other arguments; repeat those, or {again}")),
    }
}

fn short(build: &str) -> &str {
    build.get(..8).unwrap_or(build)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_fits_its_own_question_only() {
        let cursor = write("0123456789abcdef", "q", 300);
        assert_eq!(read(&cursor, "0123456789abcdef", "q"), Ok(300));
        assert!(read(&cursor, "0123456789abcdef", "other").unwrap_err().contains("other arguments"));
        assert!(read(&cursor, "ffffffffffffffff", "q").unwrap_err().contains("built anew"));
        for wrong in ["", "..", "a.b", "01234567.x.y", "../../etc/passwd", "01234567.00000000.-1"] {
            assert!(read(wrong, "0123456789abcdef", "q").is_err(), "{wrong}");
        }
    }
}
