package drawbridge.server.alert;

import drawbridge.model.IpAddress;

import java.util.Optional;

/** Where addresses are. One thread. */
public interface Places {
    /**
     * A place on earth.
     *
     * @param country its ISO code, such as {@code NL}
     * @param name the country's name in English
     * @param hasPoint whether latitude and longitude are known
     * @param accuracyKm within how many kilometres
     */
    record Place(
            String country,
            String name,
            boolean hasPoint,
            double latitude,
            double longitude,
            double accuracyKm) {
        private static final double EARTH_KM = 6_371;

        /** The distance over the earth, in kilometres. */
        double kilometresTo(Place other) {
            double from = Math.toRadians(latitude);
            double to = Math.toRadians(other.latitude);
            double half =
                    Math.pow(Math.sin((to - from) / 2), 2)
                            + Math.cos(from)
                                    * Math.cos(to)
                                    * Math.pow(
                                            Math.sin(
                                                    Math.toRadians(other.longitude - longitude)
                                                            / 2),
                                            2);
            return 2 * EARTH_KM * Math.asin(Math.min(1, Math.sqrt(half)));
        }
    }

    /** Why nothing can be found; empty when it can. */
    Optional<String> whyNot();

    /** Where that address is; empty when the data do not say. */
    Optional<Place> find(IpAddress address);
}
