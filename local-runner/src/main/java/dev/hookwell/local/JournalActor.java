package dev.hookwell.local;

import java.util.ArrayList;
import java.util.List;
import org.apache.pekko.actor.AbstractActor;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.Props;
import org.apache.pekko.actor.Status;
import org.elasticmq.actor.queue.InternalMessage;
import org.elasticmq.actor.queue.OperationSuccessful$;
import org.elasticmq.actor.queue.QueueEvent;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes what happens in ElasticMQ's queues into the journal, and says so only when it is on disk:
 * a sender is answered after that. Events that came meanwhile are made permanent together.
 *
 * <p>That a message was received is not written: after a restart it is handed out again at once.
 */
final class JournalActor extends AbstractActor {
  private static final Logger LOG = LoggerFactory.getLogger(JournalActor.class);

  private final QueueJournal journal;
  private final List<ActorRef> waiting = new ArrayList<>();

  /** Behind everything that is already in the mailbox. */
  private enum Commit {
    COMMIT
  }

  private JournalActor(QueueJournal journal) {
    this.journal = journal;
  }

  static Props props(QueueJournal journal) {
    return Props.create(JournalActor.class, () -> new JournalActor(journal));
  }

  @Override
  public Receive createReceive() {
    return receiveBuilder()
        .match(
            QueueEvent.MessageAdded.class,
            event -> {
              InternalMessage message = event.message();
              write(() ->
                  journal.add(
                      event.queueName(),
                      new QueueJournal.Entry(message.id(), message.content().value())));
            })
        .match(
            QueueEvent.MessageRemoved.class,
            event -> write(() -> journal.remove(event.queueName(), event.messageId())))
        .match(
            QueueEvent.MessageUpdated.class,
            _ -> getSender().tell(OperationSuccessful$.MODULE$, getSelf()))
        .match(QueueEvent.QueueDeleted.class, event -> drop(event.queueName()))
        .match(Commit.class, _ -> commit())
        // Queues are made anew at each start; nobody waits for an answer to what is left.
        .matchAny(_ -> {})
        .build();
  }

  private void write(Runnable change) {
    try {
      change.run();
    } catch (RuntimeException e) {
      failAll(e);
      fail(getSender(), e);
      return;
    }
    waiting.add(getSender());
    if (waiting.size() == 1) {
      getSelf().tell(Commit.COMMIT, getSelf());
    }
  }

  private void drop(String queue) {
    try {
      journal.drop(queue);
      journal.commit();
    } catch (RuntimeException e) {
      failAll(e);
    }
  }

  private void commit() {
    try {
      journal.commit();
      waiting.forEach(sender -> sender.tell(OperationSuccessful$.MODULE$, getSelf()));
      waiting.clear();
    } catch (RuntimeException e) {
      failAll(e);
    }
  }

  /** What they added and is not on disk is gone with the journal that failed. */
  private void failAll(RuntimeException e) {
    waiting.forEach(sender -> fail(sender, e));
    waiting.clear();
  }

  /**
   * ElasticMQ then answers its caller nothing; ingest's client gives up by its timeout, and the
   * sender gets a 503.
   */
  private void fail(ActorRef sender, RuntimeException e) {
    LOG.error("the queue's journal cannot be written", e);
    sender.tell(new Status.Failure(e), getSelf());
  }
}
