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

use GuzzleHttp\Exception\TransferException;

/**
 * Carries the outbox to the bridge.
 *
 * At least once, and always the same bytes: the bridge recognises a delivery it has already had.
 *
 * @package   local_laurel
 * @copyright 2026 The Laurel contributors
 * @license   https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
class courier {
    /** The bridge's address for completions, below its own. */
    private const PATH = '/moodle/completions';

    /** How long one sweep goes on taking up deliveries, in seconds. The next begins a minute later. */
    private const BUDGET = 45;

    /** Rows read at once. */
    private const BATCH = 100;

    /** How long to wait for a connection, in seconds. */
    private const CONNECT_TIMEOUT = 5;

    /** How long to wait for an answer, in seconds. */
    private const TIMEOUT = 15;

    /**
     * A courier for one bridge.
     *
     * @param string $url The bridge's address, without the path.
     * @param signer|null $signer Null where platform or secret are not set.
     * @param \core\http_client $client
     * @param \core\clock $clock
     */
    public function __construct(
        /** @var string The bridge's address. */
        private readonly string $url,
        /** @var signer|null Signs, where platform and secret are set. */
        private readonly ?signer $signer,
        /** @var \core\http_client Moodle's client, proxy and security settings included. */
        private readonly \core\http_client $client,
        /** @var \core\clock Moodle's clock. */
        private readonly \core\clock $clock
    ) {
    }

    /**
     * The courier the administrator configured.
     *
     * @return self
     */
    public static function from_config(): self {
        $config = get_config('local_laurel');
        $platform = trim($config->platform ?? '');
        $secret = $config->secret ?? '';
        return new self(
            rtrim(trim($config->bridgeurl ?? ''), '/'),
            $platform !== '' && signer::is_secret($secret) ? new signer($platform, $secret) : null,
            \core\di::get(\core\http_client::class),
            \core\di::get(\core\clock::class)
        );
    }

    /**
     * Whether there is a bridge to carry to.
     *
     * @return bool
     */
    public function is_configured(): bool {
        return $this->url !== '' && $this->signer !== null;
    }

    /**
     * Try everything that is due. When the bridge is away for all, one attempt is enough to know.
     *
     * @return sweep
     */
    public function sweep(): sweep {
        $sweep = new sweep();
        if (!$this->is_configured()) {
            $sweep->configured = false;
            return $sweep;
        }
        // What this sweep has tried stays tried: its next attempt is never due before the next sweep.
        $start = $this->clock->time();
        while ($rows = outbox::due($start, self::BATCH)) {
            foreach ($rows as $row) {
                if ($this->clock->time() - $start >= self::BUDGET) {
                    return $sweep;
                }
                $answer = $this->attempt($row);
                outbox::settle($row, $answer, $this->clock->time());
                if ($answer->failure === null) {
                    if ($sweep->delivered++ === 0) {
                        outbox::release($start);
                    }
                    continue;
                }
                $sweep->failed++;
                $sweep->reason = get_string('failure_' . $answer->failure->value, 'local_laurel', (object) $answer->facts);
                if ($answer->failure->concerns_all()) {
                    return $sweep;
                }
            }
        }
        return $sweep;
    }

    /**
     * Prepare a delivery, if that was not done before, and send it.
     *
     * @param \stdClass $row
     * @return answer
     */
    private function attempt(\stdClass $row): answer {
        if ((string) $row->payload === '') {
            try {
                outbox::freeze($row, payload_builder::build($row));
            } catch (gone $gone) {
                return answer::none(failure::GONE, ['reason' => $gone->getMessage()]);
            } catch (\Throwable $problem) {
                return answer::none(failure::UNPREPARED, ['reason' => $problem->getMessage()]);
            }
        }
        return $this->send($row->deliveryid, $row->payload);
    }

    /**
     * Send a body once.
     *
     * @param string $id
     * @param string $body
     * @return answer
     */
    private function send(string $id, string $body): answer {
        $url = $this->url . self::PATH;
        // Asked first, because the client's own refusal looks like any other failure.
        if ((new \core\files\curl_security_helper())->url_is_blocked($url)) {
            return answer::none(failure::BLOCKED, ['url' => $url, 'host' => self::host($url), 'port' => self::port($url)]);
        }
        try {
            $response = $this->client->request('POST', $url, [
                'headers' => ['Content-Type' => 'application/json', 'Accept' => 'application/json']
                    + $this->signer->headers($id, $this->clock->time(), $body),
                'body' => $body,
                'allow_redirects' => false,
                'http_errors' => false,
                'connect_timeout' => self::CONNECT_TIMEOUT,
                'timeout' => self::TIMEOUT,
            ]);
            $said = $response->getBody()->read(65536);
            return answer::read($response->getStatusCode(), $response->getHeaders(), $said, $url, $this->clock->time());
        } catch (TransferException $problem) {
            return answer::none(failure::UNREACHABLE, ['url' => $url, 'reason' => $problem->getMessage()]);
        }
    }

    /**
     * The host an address names.
     *
     * @param string $url
     * @return string
     */
    private static function host(string $url): string {
        return (string) parse_url($url, PHP_URL_HOST);
    }

    /**
     * The port an address means.
     *
     * @param string $url
     * @return string
     */
    private static function port(string $url): string {
        return (string) (parse_url($url, PHP_URL_PORT) ?: (parse_url($url, PHP_URL_SCHEME) === 'http' ? 80 : 443));
    }
}
