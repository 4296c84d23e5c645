package drawbridge.console.client;

import drawbridge.model.Secret;

import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.deser.std.StdScalarDeserializer;

import java.nio.CharBuffer;

/** Reads a secret without making a text of it, which could not be wiped. */
final class SecretReader extends StdScalarDeserializer<Secret> {
    SecretReader() {
        super(Secret.class);
    }

    @Override
    public Secret deserialize(JsonParser parser, DeserializationContext context) {
        if (!parser.hasToken(JsonToken.VALUE_STRING)) {
            return context.reportInputMismatch(Secret.class, "a secret is a text");
        }
        return Secret.ofText(
                CharBuffer.wrap(
                        parser.getStringCharacters(),
                        parser.getStringOffset(),
                        parser.getStringLength()));
    }
}
