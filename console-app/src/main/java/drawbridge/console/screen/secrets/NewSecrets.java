package drawbridge.console.screen.secrets;

import drawbridge.console.ui.Background;
import drawbridge.console.ui.FxmlViews;
import drawbridge.console.ui.Overlay;
import drawbridge.console.ui.PrivateFiles;
import drawbridge.console.ui.SecretClipboard;
import drawbridge.console.ui.Words;
import drawbridge.model.Secret;

/**
 * Shows new secrets, each this once.
 *
 * @param clipboard holds a copied one for a minute at most
 * @param files writes one into a file of its owner's
 */
public record NewSecrets(
        Words words,
        FxmlViews views,
        Overlay overlay,
        Background background,
        SecretClipboard clipboard,
        PrivateFiles files) {
    /**
     * Shows one, and wipes it in the end.
     *
     * @param title whose secret it is
     * @param what what becomes of the one before
     * @param fileName the file's name that is offered
     */
    public void show(String title, String what, String fileName, Secret secret) {
        NewSecretDialog.show(new NewSecretDialog.Told(title, what, fileName), secret, this);
    }
}
