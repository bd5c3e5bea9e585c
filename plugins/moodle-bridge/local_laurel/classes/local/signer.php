<?php
// This file is part of Moodle - https://moodle.org/
//
// Moodle is free software: you can redistribute it and/or modify
// it under the terms of the GNU General Public License as published by
// the Free Software Foundation, either version 3 of the License, or
// (at your option) any later version.
//
// Moodle is distributed in the hope that it will be useful,
// but WITHOUT ANY WARRANTY; without even the implied warranty of
// MERCHANTABILITY or FITNESS FOR A PARTICULAR PURPOSE.  See the
// GNU General Public License for more details.
//
// You should have received a copy of the GNU General Public License
// along with Moodle.  If not, see <https://www.gnu.org/licenses/>.

namespace local_laurel\local;

/**
 * Signs a delivery, and checks what the bridge signed, as Standard Webhooks 1.0 says: https://www.standardwebhooks.com/.
 *
 * @package   local_laurel
 * @copyright 2026 The Laurel contributors
 * @license   https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
class signer {
    /** How a secret begins. */
    private const PREFIX = 'whsec_';

    /** How far the clock of whoever signed may be from ours, either way, in seconds. */
    private const TOLERANCE = 300;

    /** Signatures looked at: more than a change of secrets needs. */
    private const MOST_SIGNATURES = 8;

    /** @var string[] The secrets' bytes. */
    private readonly array $keys;

    /**
     * A signer with the platform's secret; with two, while one takes the place of the other.
     *
     * @param string $platform The platform's id at the bridge.
     * @param string ...$secrets Each "whsec_" and base64, as the bridge showed it once.
     * @throws \InvalidArgumentException When that is not a secret.
     */
    public function __construct(
        /** @var string The platform's id at the bridge. */
        private readonly string $platform,
        #[\SensitiveParameter] string ...$secrets
    ) {
        $this->keys = array_map(self::bytes(...), array_values($secrets));
    }

    /**
     * The bytes of a secret.
     *
     * @param string $secret
     * @return string
     * @throws \InvalidArgumentException When it is not "whsec_" and the base64 of 24 to 64 bytes.
     */
    private static function bytes(#[\SensitiveParameter] string $secret): string {
        $secret = trim($secret);
        $bytes = str_starts_with($secret, self::PREFIX) ? base64_decode(substr($secret, strlen(self::PREFIX)), true) : false;
        if ($bytes === false || strlen($bytes) < 24 || strlen($bytes) > 64) {
            throw new \InvalidArgumentException('not a secret');
        }
        return $bytes;
    }

    /**
     * Whether a text is a secret as the bridge makes them.
     *
     * @param string $secret
     * @return bool
     */
    public static function is_secret(#[\SensitiveParameter] string $secret): bool {
        try {
            self::bytes($secret);
            return true;
        } catch (\InvalidArgumentException) {
            return false;
        }
    }

    /**
     * The headers that vouch for a body. Each attempt is signed anew; the id stays the delivery's own.
     *
     * @param string $id The delivery's id, the same at every attempt.
     * @param int $timestamp The time of this attempt, Unix seconds.
     * @param string $body The exact bytes to be sent.
     * @return array<string, string>
     */
    public function headers(string $id, int $timestamp, string $body): array {
        return [
            'webhook-id' => $id,
            'webhook-timestamp' => (string) $timestamp,
            'webhook-signature' => implode(' ', $this->signatures($id, (string) $timestamp, $body)),
            'laurel-platform' => $this->platform,
        ];
    }

    /**
     * Whether a message is the bridge's, and of now: whoever signed it has one of this platform's secrets.
     *
     * @param array<string, string> $headers The message's, in small letters.
     * @param string $body The exact bytes that came.
     * @param int $now This site's time, Unix seconds.
     * @return bool
     */
    public function is_genuine(array $headers, string $body, int $now): bool {
        $id = $headers['webhook-id'] ?? '';
        $timestamp = $headers['webhook-timestamp'] ?? '';
        // An id with a dot in it would leave open where the time begins.
        if (!preg_match('/^[\w-]{1,64}$/D', $id) || !preg_match('/^\d{1,12}$/D', $timestamp)) {
            return false;
        }
        $given = explode(' ', $headers['webhook-signature'] ?? '');
        $fits = false;
        foreach ($this->signatures($id, $timestamp, $body) as $ours) {
            foreach (array_slice($given, 0, self::MOST_SIGNATURES) as $theirs) {
                $fits = hash_equals($ours, $theirs) || $fits;
            }
        }
        return $fits && abs($now - (int) $timestamp) <= self::TOLERANCE;
    }

    /**
     * A signature with each secret.
     *
     * @param string $id
     * @param string $timestamp
     * @param string $body
     * @return string[]
     */
    private function signatures(string $id, string $timestamp, string $body): array {
        $sign = static fn(string $key): string
            => 'v1,' . base64_encode(hash_hmac('sha256', "{$id}.{$timestamp}.{$body}", $key, true));
        return array_map($sign, $this->keys);
    }
}
