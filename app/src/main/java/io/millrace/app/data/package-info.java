/**
 * Labelled images from files: the IDX, CIFAR-10, folder and CSV formats, Fashion-MNIST and its
 * bundled sample, and the order in which images are sent.
 *
 * <p>May import the JDK and, to decode pictures, {@code PictureReader} of {@code topology}.
 */
@NullMarked
package io.millrace.app.data;

import org.jspecify.annotations.NullMarked;
