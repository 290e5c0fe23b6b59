/*
 * A management server made of Leshan's libraries, driven line by line: what leshan-demo-server offers by REST.
 *
 * SPDX-License-Identifier: Apache-2.0
 */

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.eclipse.leshan.core.endpoint.Protocol;
import org.eclipse.leshan.core.link.DefaultLinkSerializer;
import org.eclipse.leshan.core.link.lwm2m.attributes.DefaultLwM2mAttributeParser;
import org.eclipse.leshan.core.link.lwm2m.attributes.LwM2mAttributeSet;
import org.eclipse.leshan.core.model.ObjectModel;
import org.eclipse.leshan.core.node.LwM2mNode;
import org.eclipse.leshan.core.node.LwM2mObjectInstance;
import org.eclipse.leshan.core.node.LwM2mPath;
import org.eclipse.leshan.core.node.TimestampedLwM2mNodes;
import org.eclipse.leshan.core.observation.CompositeObservation;
import org.eclipse.leshan.core.observation.Observation;
import org.eclipse.leshan.core.observation.SingleObservation;
import org.eclipse.leshan.core.request.CancelCompositeObservationRequest;
import org.eclipse.leshan.core.request.CancelObservationRequest;
import org.eclipse.leshan.core.request.CreateRequest;
import org.eclipse.leshan.core.request.DeleteRequest;
import org.eclipse.leshan.core.request.DiscoverRequest;
import org.eclipse.leshan.core.request.DownlinkDeviceManagementRequest;
import org.eclipse.leshan.core.request.ExecuteRequest;
import org.eclipse.leshan.core.request.ObserveCompositeRequest;
import org.eclipse.leshan.core.request.ObserveRequest;
import org.eclipse.leshan.core.request.ReadCompositeRequest;
import org.eclipse.leshan.core.request.ReadRequest;
import org.eclipse.leshan.core.request.SendRequest;
import org.eclipse.leshan.core.request.WriteAttributesRequest;
import org.eclipse.leshan.core.request.WriteCompositeRequest;
import org.eclipse.leshan.core.request.WriteRequest;
import org.eclipse.leshan.core.response.CreateResponse;
import org.eclipse.leshan.core.response.DiscoverResponse;
import org.eclipse.leshan.core.response.LwM2mResponse;
import org.eclipse.leshan.core.response.ObserveCompositeResponse;
import org.eclipse.leshan.core.response.ObserveResponse;
import org.eclipse.leshan.core.response.ReadCompositeResponse;
import org.eclipse.leshan.core.response.ReadResponse;
import org.eclipse.leshan.server.LeshanServer;
import org.eclipse.leshan.server.LeshanServerBuilder;
import org.eclipse.leshan.server.model.VersionedModelProvider;
import org.eclipse.leshan.server.observation.ObservationListener;
import org.eclipse.leshan.server.registration.Registration;
import org.eclipse.leshan.server.registration.RegistrationListener;
import org.eclipse.leshan.server.registration.RegistrationUpdate;
import org.eclipse.leshan.server.send.SendListener;
import org.eclipse.leshan.transport.californium.server.endpoint.CaliforniumServerEndpointsProvider;
import org.eclipse.leshan.transport.californium.server.endpoint.coap.CoapServerProtocolProvider;

final class DemoServer implements RegistrationListener, ObservationListener, SendListener {
    private static final long TIMEOUT_MS = 10000;

    private final List<ObjectModel> models = Text.models();
    private final LeshanServer server;
    private final Map<String, Observation> observations = new HashMap<>();
    private volatile Registration device;

    public static void main(String[] arguments) throws Exception {
        DemoServer server = new DemoServer();
        Console.event("listening on " + server.server.getEndpoint(Protocol.COAP).getURI());
        Console.converse(server::run);
        server.server.destroy();
        System.exit(0);
    }

    private DemoServer() throws Exception {
        LeshanServerBuilder builder = new LeshanServerBuilder();
        builder.setEndpointsProviders(new CaliforniumServerEndpointsProvider.Builder(new CoapServerProtocolProvider())
                .addEndpoint(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), Protocol.COAP).build());
        builder.setObjectModelProvider(new VersionedModelProvider(models));
        server = builder.build();
        server.getRegistrationService().addListener(this);
        server.getObservationService().addListener(this);
        server.getSendService().addListener(this);
        server.start();
    }

    private String run(String command, List<String> words) throws Exception {
        switch (command) {
        case "read":
            return read(words);
        case "write":
            return write(words);
        case "exec":
            return exec(words);
        case "create":
            return create(words);
        case "delete":
            return shown(new DeleteRequest(words.get(0)));
        case "discover":
            return discover(words);
        case "attr":
            return shown(new WriteAttributesRequest(words.get(0),
                    new LwM2mAttributeSet(new DefaultLwM2mAttributeParser().parseUriQuery(words.get(1)))));
        case "observe":
            return observe(words);
        case "cancel":
            return shown(new CancelObservationRequest((SingleObservation) observations.get(words.get(0))));
        case "forget":
            server.getObservationService().cancelObservation(observations.get(String.join(" ", words)));
            return "forgotten";
        case "read-composite":
            return readComposite(words);
        case "write-composite":
            return writeComposite(words);
        case "observe-composite":
            return observeComposite(words);
        case "cancel-composite":
            return shown(new CancelCompositeObservationRequest(
                    (CompositeObservation) observations.get(String.join(" ", words))));
        default:
            return "unknown command";
        }
    }

    private <T extends LwM2mResponse> T ask(DownlinkDeviceManagementRequest<T> request) throws Exception {
        return server.send(device, request, TIMEOUT_MS);
    }

    private String shown(DownlinkDeviceManagementRequest<? extends LwM2mResponse> request) throws Exception {
        return Text.show(ask(request), "");
    }

    /* read FORMAT PATH */
    private String read(List<String> words) throws Exception {
        LwM2mPath path = new LwM2mPath(words.get(1));
        ReadResponse response = ask(new ReadRequest(Text.format(words.get(0)), path, null));
        return Text.show(response, contentOf(path, response));
    }

    private static String contentOf(LwM2mPath path, ReadResponse response) {
        return response == null || response.isFailure() ? "" : Text.show(path, response.getContent());
    }

    /* write replace|update FORMAT TARGET PATH=VALUE... */
    private String write(List<String> words) throws Exception {
        WriteRequest.Mode mode = words.get(0).equals("replace") ? WriteRequest.Mode.REPLACE : WriteRequest.Mode.UPDATE;
        LwM2mPath target = new LwM2mPath(words.get(2));
        LwM2mNode node = Text.node(models, target, words.subList(3, words.size()));
        return shown(new WriteRequest(mode, Text.format(words.get(1)), target, node));
    }

    /* exec PATH [ARGUMENTS] */
    private String exec(List<String> words) throws Exception {
        return shown(words.size() > 1 ? new ExecuteRequest(words.get(0), words.get(1))
                : new ExecuteRequest(words.get(0)));
    }

    /* create FORMAT /OBJECT[/INSTANCE] PATH=VALUE... */
    private String create(List<String> words) throws Exception {
        LwM2mPath path = new LwM2mPath(words.get(1));
        var resources = Text.resources(models, words.subList(2, words.size()));
        CreateResponse response = ask(path.isObject()
                ? new CreateRequest(Text.format(words.get(0)), path.getObjectId(), resources)
                : new CreateRequest(Text.format(words.get(0)), path.getObjectId(),
                        new LwM2mObjectInstance(path.getObjectInstanceId(), resources)));
        return Text.show(response, response != null && response.getLocation() != null ? response.getLocation() : "");
    }

    private String discover(List<String> words) throws Exception {
        DiscoverResponse response = ask(new DiscoverRequest(words.get(0)));
        return Text.show(response, response == null || response.isFailure() ? ""
                : new DefaultLinkSerializer().serializeCoreLinkFormat(response.getObjectLinks()));
    }

    /* observe FORMAT PATH */
    private String observe(List<String> words) throws Exception {
        LwM2mPath path = new LwM2mPath(words.get(1));
        ObserveResponse response = ask(new ObserveRequest(Text.format(words.get(0)), path, null));
        if (response != null && response.getObservation() != null) {
            observations.put(words.get(1), response.getObservation());
        }
        return Text.show(response, contentOf(path, response));
    }

    /* read-composite FORMAT FORMAT PATH... */
    private String readComposite(List<String> words) throws Exception {
        ReadCompositeResponse response = ask(new ReadCompositeRequest(Text.format(words.get(0)),
                Text.format(words.get(1)), words.subList(2, words.size())));
        return Text.show(response, response == null || response.isFailure() ? "" : Text.show(response.getContent()));
    }

    /* write-composite FORMAT PATH=VALUE... */
    private String writeComposite(List<String> words) throws Exception {
        Map<LwM2mPath, LwM2mNode> nodes = new HashMap<>();
        for (String line : words.subList(1, words.size())) {
            nodes.put(Text.pathOf(line), Text.node(models, Text.pathOf(line), List.of(line)));
        }
        return shown(new WriteCompositeRequest(Text.format(words.get(0)), nodes, null));
    }

    /* observe-composite FORMAT FORMAT PATH... */
    private String observeComposite(List<String> words) throws Exception {
        List<String> paths = words.subList(2, words.size());
        ObserveCompositeResponse response = ask(new ObserveCompositeRequest(Text.format(words.get(0)),
                Text.format(words.get(1)), paths.toArray(new String[0])));
        if (response != null && response.getObservation() != null) {
            observations.put(String.join(" ", paths), response.getObservation());
        }
        return Text.show(response, response == null || response.isFailure() ? "" : Text.show(response.getContent()));
    }

    private static String linksOf(Registration registration) {
        return new DefaultLinkSerializer().serializeCoreLinkFormat(registration.getSortedObjectLinks());
    }

    @Override
    public void registered(Registration registration, Registration previous, Collection<Observation> observations) {
        device = registration;
        Console.event("registered " + registration.getEndpoint() + " lwm2m=" + registration.getLwM2mVersion() + " lt="
                + registration.getLifeTimeInSec() + " b=" + registration.getBindingMode() + " queue="
                + registration.usesQueueMode() + " formats=" + registration.getSupportedContentFormats() + " "
                + linksOf(registration));
    }

    @Override
    public void updated(RegistrationUpdate update, Registration registration, Registration previous) {
        device = registration;
        Console.event("updated " + registration.getEndpoint() + " lt=" + registration.getLifeTimeInSec() + " "
                + linksOf(registration));
    }

    @Override
    public void unregistered(Registration registration, Collection<Observation> observations, boolean expired,
            Registration next) {
        Console.event("unregistered " + registration.getEndpoint() + (expired ? " expired" : ""));
    }

    @Override
    public void newObservation(Observation observation, Registration registration) {
    }

    @Override
    public void cancelled(Observation observation) {
    }

    @Override
    public void onResponse(SingleObservation observation, Registration registration, ObserveResponse response) {
        Console.event("notify " + Text.show(response, contentOf(observation.getPath(), response)));
    }

    @Override
    public void onResponse(CompositeObservation observation, Registration registration,
            ObserveCompositeResponse response) {
        Console.event("notify " + Text.show(response, response.isFailure() ? "" : Text.show(response.getContent())));
    }

    @Override
    public void onError(Observation observation, Registration registration, Exception error) {
        Console.event("notification failed: " + error.getMessage());
    }

    @Override
    public void dataReceived(Registration registration, TimestampedLwM2mNodes data, SendRequest request) {
        Console.event("sent " + Text.show(data.getMostRecentNodes()));
    }

    @Override
    public void onError(Registration registration, String message, Exception error) {
        Console.event("send failed: " + message);
    }
}
