//! Letters made comparable: lower case, no diacritics, no width, no ligatures.
//!
//! `Größe`, `GROSSE` and `grosse` are one word to a reader in a hurry, and so are `ﬁle` and `file`. A full
//! normaliser (UAX #15, form NFKD) would do this and costs more bytes than the rest of the search module, so the
//! Latin blocks are a table here and `tests/text` holds the table against the full algorithm, letter by letter.
//! Other scripts are lowered and otherwise kept.

/// Appends the folded form of `letter` to `out`. Combining marks (U+0300 to U+036F) fold to nothing.
pub fn fold(letter: char, out: &mut String) {
    match letter {
        '\0'..='\x7f' => out.push(letter.to_ascii_lowercase()),
        '\u{300}'..='\u{36f}' => {}
        // Full-width forms stand at a fixed distance from ASCII.
        '\u{ff01}'..='\u{ff5e}' => {
            let narrow = u8::try_from(u32::from(letter) - 0xfee0).unwrap_or(b' ');
            out.push(char::from(narrow.to_ascii_lowercase()));
        }
        _ => match FOLDS.iter().find(|(_, letters)| letters.contains(letter)) {
            Some((plain, _)) => out.push_str(plain),
            None => out.extend(letter.to_lowercase()),
        },
    }
}

/// The folded form of a text.
pub fn folded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    text.chars().for_each(|letter| fold(letter, &mut out));
    out
}

/// What each group of Latin letters folds to.
#[rustfmt::skip]
const FOLDS: &[(&str, &str)] = &[
    ("0", "⁰₀"),
    ("1", "¹₁"),
    ("2", "²₂"),
    ("3", "³₃"),
    ("4", "⁴₄"),
    ("5", "⁵₅"),
    ("6", "⁶₆"),
    ("7", "⁷₇"),
    ("8", "⁸₈"),
    ("9", "⁹₉"),
    ("a", "ªÀÁÂÃÄÅàáâãäåĀāĂăĄąǍǎǞǟǠǡǺǻȀȁȂȃȦȧḀḁẠạẢảẤấẦầẨẩẪẫẬậẮắẰằẲẳẴẵẶặₐÅ"),
    ("ae", "Ææ"),
    ("b", "ḂḃḄḅḆḇℬ"),
    ("c", "ÇçĆćĈĉĊċČčḈḉℂℭ"),
    ("d", "ÐðĎďĐđḊḋḌḍḎḏḐḑḒḓⅅⅆ"),
    ("dz", "ǄǅǆǱǲǳ"),
    ("e", "ÈÉÊËèéêëĒēĔĕĖėĘęĚěȄȅȆȇȨȩḔḕḖḗḘḙḚḛḜḝẸẹẺẻẼẽẾếỀềỂểỄễỆệₑℯℰⅇ"),
    ("f", "Ḟḟℱ"),
    ("fax", "℻"),
    ("ff", "ﬀ"),
    ("ffi", "ﬃ"),
    ("ffl", "ﬄ"),
    ("fi", "ﬁ"),
    ("fl", "ﬂ"),
    ("g", "ĜĝĞğĠġĢģǦǧǴǵḠḡℊ"),
    ("h", "ĤĥĦħȞȟḢḣḤḥḦḧḨḩḪḫẖₕℋℌℍℎ"),
    ("i", "ÌÍÎÏìíîïĨĩĪīĬĭĮįİıǏǐȈȉȊȋḬḭḮḯỈỉỊịⁱℐℑℹⅈ"),
    ("ij", "Ĳĳ"),
    ("j", "Ĵĵǰⅉ"),
    ("k", "ĶķĸǨǩḰḱḲḳḴḵₖ"),
    ("l", "ĹĺĻļĽľĿŀŁłḶḷḸḹḺḻḼḽₗℒℓ"),
    ("lj", "Ǉǈǉ"),
    ("m", "ḾḿṀṁṂṃₘℳ"),
    ("n", "ÑñŃńŅņŇňŊŋǸǹṄṅṆṇṈṉṊṋⁿₙℕ"),
    ("nj", "Ǌǋǌ"),
    ("no", "№"),
    ("o", "ºÒÓÔÕÖØòóôõöøŌōŎŏŐőƠơǑǒǪǫǬǭȌȍȎȏȪȫȬȭȮȯȰȱṌṍṎṏṐṑṒṓỌọỎỏỐốỒồỔổỖỗỘộỚớỜờỞởỠỡỢợₒℴ"),
    ("oe", "Œœ"),
    ("p", "ṔṕṖṗₚℙ"),
    ("q", "ℚ"),
    ("r", "ŔŕŖŗŘřȐȑȒȓṘṙṚṛṜṝṞṟℛℜℝ"),
    ("s", "ŚśŜŝŞşŠšſȘșṠṡṢṣṤṥṦṧṨṩẛₛ"),
    ("sm", "℠"),
    ("ss", "ßẞ"),
    ("st", "ﬅﬆ"),
    ("t", "ŢţŤťŦŧȚțṪṫṬṭṮṯṰṱẗₜ"),
    ("tel", "℡"),
    ("th", "Þþ"),
    ("tm", "™"),
    ("u", "ÙÚÛÜùúûüŨũŪūŬŭŮůŰűŲųƯưǓǔǕǖǗǘǙǚǛǜȔȕȖȗṲṳṴṵṶṷṸṹṺṻỤụỦủỨứỪừỬửỮữỰự"),
    ("v", "ṼṽṾṿ"),
    ("w", "ŴŵẀẁẂẃẄẅẆẇẈẉẘ"),
    ("x", "ẊẋẌẍₓ"),
    ("y", "ÝýÿŶŷŸȲȳẎẏẙỲỳỴỵỶỷỸỹ"),
    ("z", "ŹźŻżŽžẐẑẒẓẔẕℤℨ"),
];

#[cfg(test)]
mod tests {
    use super::folded;

    #[test]
    fn letters_that_readers_do_not_tell_apart_fold_together() {
        assert_eq!(folded("Größe"), "grosse");
        assert_eq!(folded("Ångström"), "angstrom");
        assert_eq!(folded("ﬁle"), "file");
        assert_eq!(folded("ＡＢＣ１"), "abc1");
        assert_eq!(folded("e\u{301}tude"), "etude");
        assert_eq!(folded("Ελλάδα"), "ελλάδα");
    }
}
