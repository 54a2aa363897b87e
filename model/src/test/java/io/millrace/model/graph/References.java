package io.millrace.model.graph;

import io.millrace.model.kernel.Conv2dShape;
import io.millrace.model.kernel.Pool2dShape;
import io.millrace.model.math.CounterRandom;
import java.util.function.DoubleUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Operations as their definitions say, in double and in the order [n][c][h][w]: written to be read,
 * and independent of the graph and the kernels.
 */
final class References {
  private References() {}

  static double[] conv2d(Conv2dShape s, double[] x, double[] weight, double @Nullable [] bias) {
    int batch = x.length / (s.ic() * s.ih() * s.iw());
    double[] y = new double[batch * s.oc() * s.oh() * s.ow()];
    int i = 0;
    for (int n = 0; n < batch; n++) {
      for (int oc = 0; oc < s.oc(); oc++) {
        for (int oh = 0; oh < s.oh(); oh++) {
          for (int ow = 0; ow < s.ow(); ow++) {
            y[i++] = (bias == null ? 0 : bias[oc]) + window(s, x, weight, n, oc, oh, ow);
          }
        }
      }
    }
    return y;
  }

  private static double window(
      Conv2dShape s, double[] x, double[] weight, int n, int oc, int oh, int ow) {
    int group = oc / s.groupOutputs();
    double sum = 0;
    for (int i = 0; i < s.groupInputs(); i++) {
      int ic = group * s.groupInputs() + i;
      for (int kh = 0; kh < s.kh(); kh++) {
        for (int kw = 0; kw < s.kw(); kw++) {
          int ih = oh * s.sh() + kh * s.dh() - s.ph();
          int iw = ow * s.sw() + kw * s.dw() - s.pw();
          if (ih >= 0 && ih < s.ih() && iw >= 0 && iw < s.iw()) {
            sum +=
                x[((n * s.ic() + ic) * s.ih() + ih) * s.iw() + iw]
                    * weight[((oc * s.groupInputs() + i) * s.kh() + kh) * s.kw() + kw];
          }
        }
      }
    }
    return sum;
  }

  static double[] linear(int in, int out, double[] x, double[] weight, double @Nullable [] bias) {
    int batch = x.length / in;
    double[] y = new double[batch * out];
    for (int n = 0; n < batch; n++) {
      for (int o = 0; o < out; o++) {
        double sum = bias == null ? 0 : bias[o];
        for (int i = 0; i < in; i++) {
          sum += x[n * in + i] * weight[o * in + i];
        }
        y[n * out + o] = sum;
      }
    }
    return y;
  }

  static double[] each(double[] x, DoubleUnaryOperator function) {
    double[] y = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      y[i] = function.applyAsDouble(x[i]);
    }
    return y;
  }

  static double[] leakyRelu(double slope, double[] x) {
    return each(x, value -> value > 0 ? value : slope * value);
  }

  static double[] maxPool(Pool2dShape s, double[] x) {
    return pool(s, x, false);
  }

  static double[] averagePool(Pool2dShape s, double[] x) {
    return pool(s, x, true);
  }

  private static double[] pool(Pool2dShape s, double[] x, boolean average) {
    int planes = x.length / (s.ih() * s.iw());
    double[] y = new double[planes * s.oh() * s.ow()];
    int i = 0;
    for (int plane = 0; plane < planes; plane++) {
      for (int oh = 0; oh < s.oh(); oh++) {
        for (int ow = 0; ow < s.ow(); ow++) {
          double largest = Double.NEGATIVE_INFINITY;
          double sum = 0;
          for (int kh = 0; kh < s.kh(); kh++) {
            for (int kw = 0; kw < s.kw(); kw++) {
              int ih = oh * s.sh() + kh - s.ph();
              int iw = ow * s.sw() + kw - s.pw();
              if (ih >= 0 && ih < s.ih() && iw >= 0 && iw < s.iw()) {
                double value = x[(plane * s.ih() + ih) * s.iw() + iw];
                largest = Math.max(largest, value);
                sum += value;
              }
            }
          }
          y[i++] = average ? sum / (s.kh() * s.kw()) : largest;
        }
      }
    }
    return y;
  }

  static double[] batchNorm(
      int channels, int pixels, double epsilon, double[] x, double[] weight, double[] bias) {
    int batch = x.length / (channels * pixels);
    double[] y = new double[x.length];
    for (int c = 0; c < channels; c++) {
      double mean = 0;
      for (int n = 0; n < batch; n++) {
        for (int p = 0; p < pixels; p++) {
          mean += x[(n * channels + c) * pixels + p] / (batch * pixels);
        }
      }
      double variance = 0;
      for (int n = 0; n < batch; n++) {
        for (int p = 0; p < pixels; p++) {
          double deviation = x[(n * channels + c) * pixels + p] - mean;
          variance += deviation * deviation / (batch * pixels);
        }
      }
      for (int n = 0; n < batch; n++) {
        for (int p = 0; p < pixels; p++) {
          int i = (n * channels + c) * pixels + p;
          y[i] = weight[c] * (x[i] - mean) / Math.sqrt(variance + epsilon) + bias[c];
        }
      }
    }
    return y;
  }

  /** The mask's place is counted channels-last. */
  static double[] dropout(double probability, int channels, int pixels, double[] x) {
    double[] y = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      int n = i / (channels * pixels);
      int c = i / pixels % channels;
      int p = i % pixels;
      int place = (n * pixels + p) * channels + c;
      float uniform =
          CounterRandom.uniform(OperationCase.SEED, OperationCase.STEP, OperationCase.SITE, place);
      y[i] = uniform < probability ? 0 : x[i] / (1 - probability);
    }
    return y;
  }

  static double[] add(double[]... terms) {
    double[] y = new double[terms[0].length];
    for (double[] term : terms) {
      for (int i = 0; i < y.length; i++) {
        y[i] += term[i];
      }
    }
    return y;
  }

  /** Samples of all parts side by side: in this order, concatenating channels is just that. */
  static double[] concat(int batch, double[]... parts) {
    int length = 0;
    for (double[] part : parts) {
      length += part.length;
    }
    double[] y = new double[length];
    int at = 0;
    for (int n = 0; n < batch; n++) {
      for (double[] part : parts) {
        int sample = part.length / batch;
        System.arraycopy(part, n * sample, y, at, sample);
        at += sample;
      }
    }
    return y;
  }

  /** The label that loss cases give to sample n. */
  static int label(int n, int classes) {
    return (n * 2 + 1) % classes;
  }

  static double[] softmaxCrossEntropy(int classes, double[] x) {
    double[] loss = new double[x.length / classes];
    for (int n = 0; n < loss.length; n++) {
      double sum = 0;
      for (int c = 0; c < classes; c++) {
        sum += Math.exp(x[n * classes + c]);
      }
      loss[n] = Math.log(sum) - x[n * classes + label(n, classes)];
    }
    return loss;
  }

  static double[] squaredError(int classes, double[] x) {
    double[] loss = new double[x.length / classes];
    for (int i = 0; i < x.length; i++) {
      int n = i / classes;
      double difference = x[i] - (i % classes == label(n, classes) ? 1 : 0);
      loss[n] += difference * difference / classes;
    }
    return loss;
  }
}
