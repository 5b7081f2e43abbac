/** Delivers captures to a server of the developer's, as HTTP/1.1 and exactly as captured. */
@NullMarked
package dev.hookwell.client.delivery;

import org.jspecify.annotations.NullMarked;
