package drawbridge.model.view;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * A trust token judged layer by layer, without consuming it.
 *
 * @param valid whether every layer passed
 * @param layers in the order they are judged
 * @param item what is known of it; null when no such token was issued
 */
public record TokenInspection(boolean valid, List<Layer> layers, @Nullable TrustTokenRow item) {
    public TokenInspection {
        layers = List.copyOf(layers);
    }

    /**
     * One layer.
     *
     * @param layer such as {@code signature}
     * @param verdict {@code passed}, {@code stopped} or {@code not_judged}
     * @param reason a code for why it stopped there; empty when it did not
     */
    public record Layer(String layer, String verdict, String reason) {}
}
