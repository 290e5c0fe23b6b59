/*
 * A device made of Leshan's libraries, driven line by line: what leshan-demo-client has, with object 3442.
 *
 *   DemoDevice SERVER-URI ENDPOINT [--queue-mode]
 *
 * SPDX-License-Identifier: Apache-2.0
 */

import java.net.InetAddress;
import java.util.Date;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import org.eclipse.leshan.client.LeshanClient;
import org.eclipse.leshan.client.LeshanClientBuilder;
import org.eclipse.leshan.client.engine.DefaultRegistrationEngineFactory;
import org.eclipse.leshan.client.object.LwM2mTestObject;
import org.eclipse.leshan.client.object.Security;
import org.eclipse.leshan.client.object.Server;
import org.eclipse.leshan.client.observer.LwM2mClientObserverAdapter;
import org.eclipse.leshan.client.resource.LwM2mInstanceEnabler;
import org.eclipse.leshan.client.resource.ObjectsInitializer;
import org.eclipse.leshan.client.resource.SimpleInstanceEnabler;
import org.eclipse.leshan.client.servers.LwM2mServer;
import org.eclipse.leshan.core.model.ObjectModel;
import org.eclipse.leshan.core.model.StaticModel;
import org.eclipse.leshan.core.node.LwM2mPath;
import org.eclipse.leshan.core.node.LwM2mResource;
import org.eclipse.leshan.core.request.BindingMode;
import org.eclipse.leshan.core.request.RegisterRequest;
import org.eclipse.leshan.core.request.UpdateRequest;
import org.eclipse.leshan.core.request.argument.Arguments;
import org.eclipse.leshan.core.response.ExecuteResponse;
import org.eclipse.leshan.core.response.SendResponse;
import org.eclipse.leshan.transport.californium.client.endpoint.CaliforniumClientEndpointsProvider;
import org.eclipse.leshan.transport.californium.client.endpoint.coap.CoapClientProtocolProvider;

public final class DemoDevice extends LwM2mClientObserverAdapter {
    private static final int SHORT_SERVER_ID = 123;
    private static final long LIFETIME_S = 300;
    private static final long TIMEOUT_MS = 10000;

    private final List<ObjectModel> models = Text.models();
    private final Map<Integer, LwM2mInstanceEnabler> instances = Map.of(3, new Device(), 6, new Location(), 3442,
            new LwM2mTestObject());
    private final CountDownLatch registered = new CountDownLatch(1);
    private final LeshanClient client;

    public static void main(String[] arguments) throws Exception {
        DemoDevice device = new DemoDevice(arguments[0], arguments[1], arguments.length > 2);
        device.client.start();
        Console.converse(device::run);
        device.client.destroy(false);
        System.exit(0);
    }

    private DemoDevice(String uri, String endpoint, boolean queueMode) throws Exception {
        ObjectsInitializer objects = new ObjectsInitializer(new StaticModel(models));
        objects.setInstancesForObject(0, Security.noSec(uri, SHORT_SERVER_ID));
        objects.setInstancesForObject(1,
                new Server(SHORT_SERVER_ID, LIFETIME_S, EnumSet.of(BindingMode.U), false, BindingMode.U));
        instances.forEach(objects::setInstancesForObject);
        LeshanClientBuilder builder = new LeshanClientBuilder(endpoint);
        builder.setObjects(objects.createAll());
        builder.setEndpointsProviders(
                new CaliforniumClientEndpointsProvider.Builder(new CoapClientProtocolProvider())
                        .setClientAddress(InetAddress.getLoopbackAddress()).build());
        builder.setRegistrationEngineFactory(new DefaultRegistrationEngineFactory().setQueueMode(queueMode));
        client = builder.build();
        client.addObserver(this);
    }

    private String run(String command, List<String> words) throws Exception {
        switch (command) {
        case "registered":
            return registered.await(TIMEOUT_MS, TimeUnit.MILLISECONDS) ? "registered" : "not registered";
        case "set":
            return set(words);
        case "send":
            return send(words);
        case "update":
            client.triggerRegistrationUpdate();
            return "triggered";
        case "leave":
            client.stop(true);
            return "left";
        default:
            return "unknown command";
        }
    }

    /* set PATH=VALUE... of one object instance: as if the device had measured them */
    private String set(List<String> lines) throws Exception {
        LwM2mPath path = Text.pathOf(lines.get(0));
        for (LwM2mResource resource : Text.resources(models, lines)) {
            instances.get(path.getObjectId()).write(LwM2mServer.SYSTEM, true, resource.getId(), resource);
        }
        return "set";
    }

    /* send FORMAT PATH... */
    private String send(List<String> words) throws Exception {
        LwM2mServer server = client.getRegisteredServers().values().iterator().next();
        SendResponse response = client.getSendService().sendData(server, Text.format(words.get(0)),
                words.subList(1, words.size()), TIMEOUT_MS);
        return Text.show(response, "");
    }

    @Override
    public void onRegistrationSuccess(LwM2mServer server, RegisterRequest request, String id) {
        Console.event("registered");
        registered.countDown();
    }

    @Override
    public void onUpdateSuccess(LwM2mServer server, UpdateRequest request) {
        Console.event("updated");
    }

    /* The resources of the demo's device that do not change by themselves. */
    public static final class Device extends SimpleInstanceEnabler {
        public Device() {
            super(0, 0, "Leshan Demo Device", 1, "Model 500", 2, "LT-500-000-0001", 3, "1.0.0", 9, 92L, 10, 15000L,
                    11, Map.of(0, 0L), 13, new Date(1700000000000L), 14, "+01", 15, "Europe/Paris", 16, "U", 17, "Demo",
                    18, "1.0.1", 19, "1.0.2", 20, 0L, 21, 120000L);
        }

        @Override
        public ExecuteResponse execute(LwM2mServer server, int resource, Arguments arguments) {
            Console.event("executed /3/0/" + resource + " " + arguments);
            return ExecuteResponse.success();
        }
    }

    public static final class Location extends SimpleInstanceEnabler {
        public Location() {
            super(0, 0, 48.5, 1, 2.25, 2, 100.0, 5, new Date(1700000000000L));
        }
    }
}
