package drawbridge.server.support;

import java.io.IOException;
import java.net.URI;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A loopback proxy that can cut what runs through it, or hold back what comes from the server and
 * hand it on later, as a stalled network does. What clients send always passes. Safe for many
 * threads.
 */
public final class HoldingProxy extends LoopbackProxy {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition released = lock.newCondition();
    private boolean isHeld;

    /** Stands before that server on this machine. */
    public HoldingProxy(URI server) throws IOException {
        super(server.getPort());
    }

    /** Where it listens. */
    public URI url() {
        return URI.create("http://127.0.0.1:" + port());
    }

    /** New connections go to that server. */
    public void to(URI server) {
        redirect(server.getPort());
    }

    /** From here on nothing comes back. */
    public void hold() {
        lock.lock();
        try {
            isHeld = true;
        } finally {
            lock.unlock();
        }
    }

    /** What was held back comes now. */
    public void release() {
        lock.lock();
        try {
            isHeld = false;
            released.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Cuts every connection; new ones are taken. */
    public void cut() {
        closeOpen();
    }

    @Override
    boolean handsOn(boolean isAnswer) throws InterruptedException {
        if (isAnswer) {
            awaitRelease();
        }
        return true;
    }

    private void awaitRelease() throws InterruptedException {
        lock.lock();
        try {
            while (isHeld) {
                released.await();
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() throws IOException {
        release();
        super.close();
    }
}
