// Signs one message to a unit as JWS (EdDSA) and publishes it. Java 17 and newer, no library. What
// publishes is the least that MQTT 3.1.1 needs, for a trial: in earnest take your own client, with TLS and a login.
//
// java SignAndSend.java TYPE BODY.json VERSION KEY.pem KID SITE UNIT [HOST PORT]
//
// TYPE is the end of the topic (permit, cmd, person, ...). VERSION of a permit is the ticket's own; of anything else a
// number that rises: date +%s%3N. Without HOST the message is printed.
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.util.Base64;
import java.util.UUID;

public class SignAndSend {
    static final long HOURS = 24; // how long the unit may take it

    public static void main(String[] args) throws Exception {
        String type = args[0], kid = args[4], site = args[5], unit = args[6];
        String body = Files.readString(Path.of(args[1])); // JSON already: it is put in as it is
        long version = Long.parseLong(args[2]);
        long now = Instant.now().getEpochSecond();
        String payload = "{\"id\":" + text(UUID.randomUUID().toString()) // never used twice
                + ",\"version\":" + version + ",\"type\":" + text(type)
                + ",\"issued_at\":" + now + ",\"expires_at\":" + (now + HOURS * 3600)
                + ",\"site\":" + text(site) + ",\"unit\":" + text(unit) + ",\"body\":" + body + "}";
        String message = signed("{\"alg\":\"EdDSA\",\"kid\":" + text(kid) + "}", payload, key(Path.of(args[3])));
        if (args.length < 9) {
            System.out.println(message);
        } else {
            publish("edge/" + site + "/" + unit + "/dn/" + type, message, args[7], Integer.parseInt(args[8]));
        }
    }

    /** JWS compact (RFC 7515, RFC 8037). Nothing but alg and kid may stand in the header. */
    static String signed(String header, String payload, PrivateKey key) throws Exception {
        String signing = base64url(header.getBytes(StandardCharsets.UTF_8)) + "."
                + base64url(payload.getBytes(StandardCharsets.UTF_8));
        Signature ed25519 = Signature.getInstance("Ed25519");
        ed25519.initSign(key);
        ed25519.update(signing.getBytes(StandardCharsets.US_ASCII));
        return signing + "." + base64url(ed25519.sign());
    }

    static PrivateKey key(Path pem) throws Exception {
        String text = Files.readString(pem).replaceAll("-----[A-Z ]+-----|\\s", "");
        return KeyFactory.getInstance("Ed25519").generatePrivate(
                new PKCS8EncodedKeySpec(Base64.getDecoder().decode(text)));
    }

    static String base64url(byte[] raw) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(raw);
    }

    /** A JSON string; ids and names of keys need no more. */
    static String text(String plain) {
        return '"' + plain.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    /** MQTT 3.1.1 with QoS 1; done when the broker says that it has it. */
    static void publish(String topic, String message, String host, int port) throws IOException {
        try (Socket broker = new Socket(host, port)) {
            broker.setSoTimeout(10_000);
            packet(broker, 0x10, "MQTT", new byte[] {4, 2, 0, 60}, "sign-and-send-" + UUID.randomUUID());
            expect(broker, 0x20);
            packet(broker, 0x32, topic, new byte[] {0, 1}, message.getBytes(StandardCharsets.US_ASCII));
            expect(broker, 0x40);
            packet(broker, 0xe0);
        }
    }

    /** A packet is its type, the length of the rest (7 bits a byte, the lowest first), the rest. */
    static void packet(Socket broker, int first, Object... parts) throws IOException {
        ByteArrayOutputStream rest = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(rest);
        for (Object part : parts) {
            if (part instanceof String words) {
                out.writeUTF(words);
            } else {
                out.write((byte[]) part);
            }
        }
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        whole.write(first);
        int left = rest.size();
        do {
            whole.write((left & 0x7f) | (left > 0x7f ? 0x80 : 0));
            left >>= 7;
        } while (left > 0);
        rest.writeTo(whole);
        broker.getOutputStream().write(whole.toByteArray());
    }

    static void expect(Socket broker, int first) throws IOException {
        byte[] answer = broker.getInputStream().readNBytes(4);
        if (answer.length < 4 || (answer[0] & 0xff) != first || (first == 0x20 && answer[3] != 0)) {
            throw new IOException("the broker refuses: " + java.util.HexFormat.of().formatHex(answer));
        }
    }
}
