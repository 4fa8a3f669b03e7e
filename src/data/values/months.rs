//! Names of months and weekdays in the languages of exports, folded: in full, in the genitive where dates
//! are written with it (`5 stycznia`, `5 января`), and abbreviated.

use std::{
    collections::{HashMap, HashSet},
    sync::LazyLock,
};

use crate::values::text::fold;

#[rustfmt::skip]
const MONTHS: [&str; 12] = [
    "jan january januar janv janvier ene enero janeiro januari gen gennaio sty styczen stycznia tammi tammikuu tammikuuta oca ocak ян янв январь января leden ledna led ianuarie ian ιαν ιανουαριοσ ιανουαριου jaen janner jaenner",
    "feb february februar fev fevr fevrier febrero fevereiro februari febbraio lut luty lutego helmi helmikuu helmikuuta sub subat фев февр февраль февраля unor unora uno februarie φεβ φεβρουαριοσ φεβρουαριου febr",
    "mar march marz maerz mrz mars marzo marco mrt maart marts marzec marca maalis maaliskuu maaliskuuta mart мар март марта brezen brezna bre marcius marc martie μαρ μαρτιοσ μαρτιου",
    "apr april avr avril abr abril aprile kwi kwiecien kwietnia huhti huhtikuu huhtikuuta nis nisan апр апрель апреля duben dubna dub aprilis aprilie απρ απριλιοσ απριλιου",
    "may mai mayo maio mei mag maggio maj maja touko toukokuu toukokuuta mayis май мая kveten kvetna kve majus μαι μαιοσ μαιου",
    "jun june juni juin junio junho giu giugno cze czerwiec czerwca kesa kesakuu kesakuuta haz haziran июн июнь июня cerven cervna cvn junius iunie iun ιουν ιουνιοσ ιουνιου",
    "jul july juli juil juillet julio julho lug luglio lip lipiec lipca heina heinakuu heinakuuta tem temmuz июл июль июля cervenec cervence cvc julius iulie iul ιουλ ιουλιοσ ιουλιου",
    "aug august aout ago agosto augustus augusti sie sierpien sierpnia elo elokuu elokuuta agu agustos авг август августа srpen srpna srp augusztus αυγ αυγουστοσ αυγουστου",
    "sep sept september septembre septiembre set setembro settembre setiembre wrz wrzesien wrzesnia syys syyskuu syyskuuta eyl eylul сен сент сентябрь сентября zari zar szept szeptember septembrie σεπ σεπτ σεπτεμβριοσ σεπτεμβριου",
    "oct october okt oktober octobre octubre out outubro ott ottobre paz pazdziernik pazdziernika loka lokakuu lokakuuta eki ekim окт октябрь октября rijen rijna rij octombrie οκτ οκτωβριοσ οκτωβριου",
    "nov november novembre noviembre novembro lis listopad listopada marras marraskuu marraskuuta kas kasim ноя нояб ноябрь ноября noiembrie noi νοε νοεμβριοσ νοεμβριου",
    "dec december dez dezember decembre dic diciembre dezembro dicembre gru grudzien grudnia joulu joulukuu joulukuuta ara aralik дек декабрь декабря prosinec prosince pro decembrie desember des δεκ δεκεμβριοσ δεκεμβριου",
];

#[rustfmt::skip]
const WEEKDAYS: [&str; 18] = [
    "mon monday tue tues tuesday wed weds wednesday thu thur thurs thursday fri friday sat saturday sun sunday",
    "mo montag di dienstag mi mittwoch do donnerstag fr freitag sa samstag sonnabend so sonntag",
    "lun lundi mar mardi mer mercredi jeu jeudi ven vendredi sam samedi dim dimanche",
    "lunes martes mie miercoles jue jueves vie viernes sab sabado dom domingo",
    "seg segunda ter terca qua quarta qui quinta sex sexta",
    "lunedi martedi mercoledi gio giovedi venerdi sabato domenica",
    "ma maandag dinsdag wo woensdag donderdag vr vrijdag za zaterdag zo zondag",
    "pon poniedzialek wt wtorek sr sroda czw czwartek pt piatek sob sobota ndz niedziela",
    "man mandag tis tisdag ons onsdag tor tors torsdag fre fredag lor lordag son sondag",
    "tir tirs tirsdag",
    "maanantai ti tiistai ke keskiviikko to torstai pe perjantai la lauantai su sunnuntai",
    "pzt pazartesi sal sali car carsamba per persembe cum cuma cmt cumartesi paz pazar",
    "пн понедельник вт вторник ср среда чт четверг пт пятница сб суббота вс воскресенье",
    "po pondeli ut utery st streda ct ctvrtek pa patek so ne nedele",
    "he hetfo ke kedd sze szerda cs csutortok pe pentek szo szombat va vasarnap",
    "luni marti miercuri joi vineri sambata duminica",
    "δευ δευτερα τρι τριτη τετ τεταρτη πεμ πεμπτη παρ παρασκευη σαβ σαββατο κυρ κυριακη",
    "lu ma me je ve sa di",
];

/// Most bytes of a name of a month or weekday.
pub const LONGEST: usize = 32;

static NUMBERS: LazyLock<HashMap<&'static str, u32>> = LazyLock::new(|| {
    let months = (1..).zip(MONTHS);
    months
        .flat_map(|(number, names)| names.split(' ').map(move |name| (name, number)))
        .collect()
});

static DAYS: LazyLock<HashSet<&'static str>> =
    LazyLock::new(|| WEEKDAYS.iter().flat_map(|names| names.split(' ')).collect());

/// The number of a month by its name.
#[must_use]
pub fn month(name: &str) -> Option<u32> {
    NUMBERS.get(fold(name).as_str()).copied()
}

/// Whether a word is the name of a weekday.
#[must_use]
pub fn is_weekday(name: &str) -> bool {
    DAYS.contains(fold(name).as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_folded_and_name_one_month() {
        let mut seen = HashMap::new();
        for (number, names) in (1..).zip(MONTHS) {
            for name in names.split(' ') {
                assert_eq!(fold(name), name);
                assert!(name.len() <= LONGEST);
                if let Some(other) = seen.insert(name, number) {
                    panic!("`{name}` is month {other} and {number}");
                }
            }
        }
        for name in WEEKDAYS.iter().flat_map(|names| names.split(' ')) {
            assert_eq!(fold(name), name);
        }
        assert_eq!(month("Février"), Some(2));
        assert_eq!(month("сентября"), Some(9));
        assert_eq!(month("Ağustos"), Some(8));
        assert_eq!(month("Monday"), None);
        assert!(is_weekday("Mittwoch"));
        assert!(!is_weekday("Januar"));
    }
}
