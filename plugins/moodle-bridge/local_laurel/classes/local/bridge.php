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
use GuzzleHttp\Promise\PromiseInterface;
use GuzzleHttp\Promise\Utils;
use Psr\Http\Message\ResponseInterface;

/**
 * The bridge, as this site reaches it: signed requests through Moodle's own client, and answers that are understood.
 *
 * @package   local_laurel
 * @copyright 2026 The Laurel contributors
 * @license   https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
class bridge {
    /** How long to wait for a connection, in seconds. */
    private const CONNECT_TIMEOUT = 5;

    /** How long to wait for an answer, in seconds. */
    private const TIMEOUT = 30;

    /** Requests sent at once. */
    private const AT_ONCE = 10;

    /** Bytes of an answer that are read. */
    private const LONGEST_ANSWER = 4194304;

    /** A clock further off than this is told to the administrator, in seconds. The bridge stands five minutes. */
    public const CLOCK_WORTH_TELLING = 30;

    /**
     * A bridge.
     *
     * @param string $url Its address, without the path.
     * @param signer|null $signer Null where platform or secret are not set.
     * @param \core\http_client $client
     * @param \core\clock $clock
     */
    public function __construct(
        /** @var string Its address. */
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
     * The bridge the administrator configured.
     *
     * @return self
     */
    public static function from_config(): self {
        $config = get_config('local_laurel');
        $platform = trim($config->platform ?? '');
        $secrets = secrets::current(\core\di::get(\core\clock::class)->time());
        return new self(
            rtrim(trim($config->bridgeurl ?? ''), '/'),
            $platform !== '' && $secrets ? new signer($platform, ...$secrets) : null,
            \core\di::get(\core\http_client::class),
            \core\di::get(\core\clock::class)
        );
    }

    /**
     * Whether there is a bridge to speak to.
     *
     * @return bool
     */
    public function is_configured(): bool {
        return $this->url !== '' && $this->signer !== null;
    }

    /**
     * Send one request.
     *
     * @param request $request
     * @return answer
     */
    public function send(request $request): answer {
        return $this->send_all([$request])[0];
    }

    /**
     * Send some requests at once.
     *
     * @param array<int, request> $requests
     * @return array<int, answer> By the requests' keys.
     */
    public function send_all(array $requests): array {
        // Asked first, because the client's own refusal looks like any other failure.
        if ((new \core\files\curl_security_helper())->url_is_blocked($this->url . '/')) {
            $blocked = answer::none(failure::BLOCKED, ['url' => $this->url] + $this->place());
            return array_map(static fn(): answer => $blocked, $requests);
        }
        $answers = array_map(
            static fn(array $settled): answer => $settled['value'] ?? throw $settled['reason'],
            Utils::settle(array_map($this->promise(...), $requests))->wait()
        );
        $this->note_clock($answers);
        return $answers;
    }

    /**
     * Tell what outbox rows say, in one request; where that is refused as a whole, each in one of its own, so that one that does
     * harm does none to the others.
     *
     * @param array<int, \stdClass> $rows At most request::MOST_TOLD.
     * @return array<int, answer> By the rows' keys.
     */
    public function tell(array $rows): array {
        $batch = request::batch($rows);
        $all = $this->send($batch);
        if ($all->failure?->concerns_all()) {
            return array_map(static fn(): answer => $all, $rows);
        }
        $alone = array_map(request::tell(...), $rows);
        $receipts = array_map(static fn(request $request): string => $request->receipt, array_values($alone));
        $each = $all->failure ? null : $all->each($receipts, $this->url . $batch->path, $this->clock->time());
        if ($each !== null) {
            return array_combine(array_keys($rows), $each);
        }
        $answers = [];
        foreach (array_chunk($alone, self::AT_ONCE, true) as $some) {
            $answers += $this->send_all($some);
        }
        return $answers;
    }

    /**
     * Ask what became of what outbox rows told.
     *
     * @param array<int, \stdClass> $rows Completions that were delivered, at most request::MOST_ASKED.
     * @return array<int, answer> By the rows' keys.
     */
    public function ask(array $rows): array {
        $request = request::ask_all(array_column($rows, 'completion'));
        $all = $this->send($request);
        $said = array_column($all->said['items'] ?? [], null, 'completion');
        $unknown = answer::none(failure::ADDRESS, ['url' => $this->url . $request->path]);
        return array_map(static fn(\stdClass $row): answer => match (true) {
            $all->failure !== null => $all,
            isset($said[$row->completion]) => answer::one($said[$row->completion]),
            default => $unknown,
        }, $rows);
    }

    /**
     * An answer to come; it never fails.
     *
     * @param request $request
     * @return PromiseInterface
     */
    private function promise(request $request): PromiseInterface {
        $url = $this->url . $request->path;
        $sent = $this->client->requestAsync($request->method, $url, [
            'headers' => ['Accept' => 'application/json']
                + ($request->body === '' ? [] : ['Content-Type' => 'application/json'])
                + $this->signer->headers($request->id, $this->clock->time(), $request->body),
            'body' => $request->body,
            'allow_redirects' => false,
            'http_errors' => false,
            'connect_timeout' => self::CONNECT_TIMEOUT,
            'timeout' => self::TIMEOUT,
        ]);
        return $sent->then(
            fn(ResponseInterface $response): answer => answer::read(
                $response->getStatusCode(),
                $response->getHeaders(),
                $response->getBody()->read(self::LONGEST_ANSWER),
                $url,
                $this->clock->time(),
                $request->receipt
            ),
            static fn(\Throwable $problem): answer => $problem instanceof TransferException
                ? answer::none(failure::UNREACHABLE, ['url' => $url, 'reason' => $problem->getMessage()])
                : throw $problem
        );
    }

    /**
     * Remember how far this site's clock is off, for the status page.
     *
     * @param answer[] $answers
     */
    private function note_clock(array $answers): void {
        foreach ($answers as $answer) {
            if ($answer->ahead !== null) {
                $off = abs($answer->ahead) > self::CLOCK_WORTH_TELLING ? (string) $answer->ahead : '';
                if ($off !== (string) get_config('local_laurel', 'clockahead')) {
                    set_config('clockahead', $off, 'local_laurel');
                }
                return;
            }
        }
    }

    /**
     * The host and the port the bridge's address means.
     *
     * @return array{host: string, port: string}
     */
    private function place(): array {
        $parts = parse_url($this->url) ?: [];
        $port = $parts['port'] ?? (($parts['scheme'] ?? '') === 'http' ? 80 : 443);
        return ['host' => $parts['host'] ?? '', 'port' => (string) $port];
    }
}
