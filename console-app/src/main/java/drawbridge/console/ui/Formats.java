package drawbridge.console.ui;

import java.text.NumberFormat;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.FormatStyle;
import java.util.Locale;

/** Numbers, times and spans as a person reads them. Safe for many threads. */
public final class Formats {
    private static final long KIB = 1024;

    private final Words words;
    private final Locale locale;
    private final ZoneId zone;
    private final DateTimeFormatter time;
    private final DateTimeFormatter millis;
    private final DateTimeFormatter minute;
    private final DateTimeFormatter date;
    private final DateTimeFormatter utc;

    /** Formats of that language, in the workstation's zone. */
    public Formats(Words words, Locale locale, ZoneId zone) {
        this.words = words;
        this.locale = locale;
        this.zone = zone;
        this.time = DateTimeFormatter.ofPattern("HH:mm:ss", locale).withZone(zone);
        this.millis = DateTimeFormatter.ofPattern("HH:mm:ss.SSS", locale).withZone(zone);
        this.minute = DateTimeFormatter.ofPattern("HH:mm", locale).withZone(zone);
        this.date =
                DateTimeFormatter.ofLocalizedDate(FormatStyle.MEDIUM)
                        .withLocale(locale)
                        .withZone(zone);
        this.utc =
                DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSS 'UTC'", Locale.ROOT)
                        .withZone(ZoneOffset.UTC);
    }

    /** A whole number with its groups. */
    public String number(long value) {
        return NumberFormat.getIntegerInstance(locale).format(value);
    }

    /** A number with at most so many digits behind the point. */
    public String decimal(double value, int digits) {
        NumberFormat format = NumberFormat.getNumberInstance(locale);
        format.setMaximumFractionDigits(digits);
        format.setMinimumFractionDigits(digits);
        return format.format(value);
    }

    /** A rate: whole when it is large, else with one digit. */
    public String rate(double perUnit) {
        return perUnit >= 10 || perUnit == Math.rint(perUnit)
                ? number(Math.round(perUnit))
                : decimal(perUnit, 1);
    }

    /** A share of one, such as {@code 97.9 %}. */
    public String percent(double share) {
        return words.get("unit.percent", decimal(share * 100, share >= 0.9995 ? 0 : 1));
    }

    /** Microseconds, in the unit that reads best: {@code 84 µs}, {@code 0.31 ms}, {@code 1.2 s}. */
    public String micros(long micros) {
        if (micros < 100) {
            return words.get("unit.micros", number(micros));
        }
        if (micros < 10_000) {
            return words.get("unit.millis", decimal(micros / 1_000.0, 2));
        }
        if (micros < 1_000_000) {
            return words.get("unit.millis", number(Math.round(micros / 1_000.0)));
        }
        return words.get("unit.seconds", decimal(micros / 1_000_000.0, 1));
    }

    /** How long an action took: whole milliseconds, or what is less. */
    public String took(long micros) {
        return micros < 1_000
                ? words.get("unit.millis", decimal(micros / 1_000.0, 1))
                : micros(micros < 10_000 ? Math.round(micros / 1_000.0) * 1_000 : micros)
                        .replace(".00", "");
    }

    /** Bytes by powers of 1024. */
    public String bytes(long bytes) {
        if (bytes < KIB) {
            return words.get("unit.bytes", number(bytes));
        }
        if (bytes < KIB * KIB) {
            return words.get("unit.kibibytes", number(bytes / KIB));
        }
        double mib = bytes / (double) (KIB * KIB);
        return mib < KIB
                ? words.get("unit.mebibytes", number(Math.round(mib)))
                : words.get("unit.gibibytes", decimal(mib / KIB, 1));
    }

    /** A span in its two largest units: {@code 46 s}, {@code 12 min}, {@code 2 h 14 min}. */
    public String span(Duration span) {
        long seconds = Math.max(0, span.toSeconds());
        if (seconds < 60) {
            return words.get("unit.span.seconds", number(seconds));
        }
        if (seconds < 3_600) {
            return words.get("unit.span.minutes", number(seconds / 60));
        }
        if (seconds < 86_400) {
            long minutes = seconds % 3_600 / 60;
            return minutes == 0
                    ? words.get("unit.span.hours", number(seconds / 3_600))
                    : words.get("unit.span.hoursMinutes", number(seconds / 3_600), number(minutes));
        }
        long hours = seconds % 86_400 / 3_600;
        return hours == 0
                ? words.get("unit.span.days", number(seconds / 86_400))
                : words.get("unit.span.daysHours", number(seconds / 86_400), number(hours));
    }

    /** How long ago in its largest unit, for narrow columns: {@code now}, {@code 2 h ago}. */
    public String roughlyAgo(Instant at, Instant now) {
        return ago(at, at.plus(rough(Duration.between(at, now))));
    }

    /** When, seen from now, in its largest unit: {@code in 46 min}. */
    public String roughlyUntil(Instant at, Instant now) {
        return now.isBefore(at)
                ? words.get("unit.in", span(rough(Duration.between(now, at))))
                : roughlyAgo(at, now);
    }

    private static Duration rough(Duration span) {
        if (span.toDays() > 0) {
            return Duration.ofDays(span.toDays());
        }
        return span.toHours() > 0 ? Duration.ofHours(span.toHours()) : span;
    }

    /** How long ago: {@code now}, {@code 4 s ago}, {@code 2 h 14 min ago}. */
    public String ago(Instant at, Instant now) {
        Duration since = Duration.between(at, now);
        return since.toSeconds() < 1 ? words.get("unit.now") : words.get("unit.ago", span(since));
    }

    /** How long ago in tenths of a second while it is little: {@code 0.2 s ago}. */
    public String justAgo(Instant at, Instant now) {
        double seconds = Math.max(0, Duration.between(at, now).toMillis() / 1_000.0);
        return seconds < 10
                ? words.get("unit.ago", words.get("unit.seconds", decimal(seconds, 1)))
                : ago(at, now);
    }

    /** When, seen from now: {@code in 46 min}, or how long ago. */
    public String until(Instant at, Instant now) {
        return now.isBefore(at) ? words.get("unit.in", spanUntil(at, now)) : ago(at, now);
    }

    /** How long from now until then, to the nearest minute when it is more than one. */
    public String spanUntil(Instant at, Instant now) {
        Duration left = Duration.between(now, at);
        return span(
                left.toSeconds() < 60
                        ? left
                        : Duration.ofMinutes(left.plusSeconds(30).toMinutes()));
    }

    /** The time of day in the workstation's zone. */
    public String time(Instant at) {
        return time.format(at);
    }

    /** The time of day to the millisecond. */
    public String millis(Instant at) {
        return millis.format(at);
    }

    /** The time of day to the minute. */
    public String minute(Instant at) {
        return minute.format(at);
    }

    /** Date and time in the workstation's zone. */
    public String dateTime(Instant at) {
        return words.get("unit.dateTime", date.format(at), time.format(at));
    }

    /** The time of day for today, else date and time. */
    public String when(Instant at, Instant now) {
        boolean today = at.atZone(zone).toLocalDate().equals(now.atZone(zone).toLocalDate());
        return today ? time(at) : dateTime(at);
    }

    /** Date and time in UTC, to the millisecond. */
    public String utc(Instant at) {
        return utc.format(at);
    }

    /** The exact instant: local, UTC and how long ago, for tooltips. */
    public String exact(Instant at, Instant now) {
        return words.get("unit.exact", dateTime(at), utc.format(at), until(at, now));
    }
}
