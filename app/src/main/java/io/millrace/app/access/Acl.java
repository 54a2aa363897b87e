package io.millrace.app.access;

import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;

/**
 * One right that a program needs.
 *
 * @param name of the resource, or what its names begin with
 * @param purpose what the program does with it, for people
 */
public record Acl(
    ResourceType resource,
    PatternType pattern,
    String name,
    AclOperation operation,
    String purpose) {

  /** From where a principal may come. */
  public static final String ANY_HOST = "*";

  static Acl topic(String name, AclOperation operation, String purpose) {
    return new Acl(ResourceType.TOPIC, PatternType.LITERAL, name, operation, purpose);
  }

  static Acl group(String name, AclOperation operation, String purpose) {
    return new Acl(ResourceType.GROUP, PatternType.LITERAL, name, operation, purpose);
  }

  static Acl transactionalIds(String prefix, AclOperation operation, String purpose) {
    return new Acl(ResourceType.TRANSACTIONAL_ID, PatternType.PREFIXED, prefix, operation, purpose);
  }

  /** As Kafka's Admin takes it. */
  public AclBinding binding(String principal) {
    return new AclBinding(
        new ResourcePattern(resource, name, pattern),
        new AccessControlEntry(principal, ANY_HOST, operation, AclPermissionType.ALLOW));
  }
}
