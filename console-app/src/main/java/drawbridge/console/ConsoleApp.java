package drawbridge.console;

import javafx.application.Application;
import javafx.stage.Stage;

/** The console's window. */
public final class ConsoleApp extends Application {
    @Override
    public void start(Stage stage) {
        stage.setTitle("Drawbridge");
        stage.show();
    }
}
