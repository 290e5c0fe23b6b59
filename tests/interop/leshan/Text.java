/*
 * Values, nodes and models of Leshan as text and back, for the programs that a test drives line by line.
 *
 * SPDX-License-Identifier: Apache-2.0
 */

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import org.eclipse.leshan.core.link.DefaultLinkParser;
import org.eclipse.leshan.core.link.DefaultLinkSerializer;
import org.eclipse.leshan.core.link.Link;
import org.eclipse.leshan.core.model.ObjectLoader;
import org.eclipse.leshan.core.model.ObjectModel;
import org.eclipse.leshan.core.model.ResourceModel;
import org.eclipse.leshan.core.model.StaticModel;
import org.eclipse.leshan.core.node.LwM2mMultipleResource;
import org.eclipse.leshan.core.node.LwM2mNode;
import org.eclipse.leshan.core.node.LwM2mObject;
import org.eclipse.leshan.core.node.LwM2mObjectInstance;
import org.eclipse.leshan.core.node.LwM2mPath;
import org.eclipse.leshan.core.node.LwM2mResource;
import org.eclipse.leshan.core.node.LwM2mResourceInstance;
import org.eclipse.leshan.core.node.LwM2mSingleResource;
import org.eclipse.leshan.core.node.ObjectLink;
import org.eclipse.leshan.core.request.ContentFormat;
import org.eclipse.leshan.core.response.LwM2mResponse;
import org.eclipse.leshan.core.util.Hex;
import org.eclipse.leshan.core.util.datatype.ULong;

final class Text {
    private static final int LONGEST = 120;

    private Text() {
    }

    /* LwM2M's own objects as of 1.1, and Leshan's test object. */
    static List<ObjectModel> models() throws Exception {
        List<ObjectModel> models = new ArrayList<>(ObjectLoader.loadDefault());
        try (InputStream file = Text.class.getResourceAsStream("/models/3442.xml")) {
            models.addAll(ObjectLoader.loadDdfFile(file, "3442.xml"));
        }
        return models;
    }

    static ContentFormat format(String name) {
        switch (name) {
        case "any":
            return null;
        case "text":
            return ContentFormat.TEXT;
        case "opaque":
            return ContentFormat.OPAQUE;
        case "cbor":
            return ContentFormat.CBOR;
        case "tlv":
            return ContentFormat.TLV;
        case "json":
            return ContentFormat.JSON;
        case "senml-json":
            return ContentFormat.SENML_JSON;
        case "senml-cbor":
            return ContentFormat.SENML_CBOR;
        default:
            return new ContentFormat(Integer.parseInt(name));
        }
    }

    static ResourceModel.Type typeOf(List<ObjectModel> models, LwM2mPath path) {
        ResourceModel resource = new StaticModel(models).getResourceModel(path.getObjectId(), path.getResourceId());
        return resource == null ? ResourceModel.Type.STRING : resource.type;
    }

    static Object value(ResourceModel.Type type, String text) throws Exception {
        switch (type) {
        case INTEGER:
            return Long.valueOf(text);
        case UNSIGNED_INTEGER:
            return ULong.valueOf(text);
        case FLOAT:
            return Double.valueOf(text);
        case BOOLEAN:
            return Boolean.valueOf(text);
        case TIME:
            return new Date(Long.parseLong(text) * 1000);
        case OPAQUE:
            return repeated(text).startsWith("0x") ? Hex.decodeHex(text.substring(2).toCharArray())
                    : repeated(text).getBytes(StandardCharsets.UTF_8);
        case OBJLNK:
            return ObjectLink.decodeFromString(text);
        case CORELINK:
            return new DefaultLinkParser().parseCoreLinkFormat(text.getBytes(StandardCharsets.UTF_8));
        default:
            return repeated(text);
        }
    }

    /* "A*3000" stands for 3000 of the letter. */
    private static String repeated(String text) {
        return text.matches(".\\*[0-9]+") ? text.substring(0, 1).repeat(Integer.parseInt(text.substring(2))) : text;
    }

    /* The resources that lines "/3442/0/1110/0=a" name, of one object instance. */
    static Collection<LwM2mResource> resources(List<ObjectModel> models, Collection<String> lines) throws Exception {
        Map<Integer, LwM2mResource> single = new TreeMap<>();
        Map<Integer, List<LwM2mResourceInstance>> multiple = new TreeMap<>();
        Map<Integer, ResourceModel.Type> types = new TreeMap<>();
        for (String line : lines) {
            LwM2mPath path = pathOf(line);
            ResourceModel.Type type = typeOf(models, path);
            Object value = value(type, line.substring(line.indexOf('=') + 1));
            types.put(path.getResourceId(), type);
            if (path.isResourceInstance()) {
                multiple.computeIfAbsent(path.getResourceId(), id -> new ArrayList<>())
                        .add(LwM2mResourceInstance.newInstance(path.getResourceInstanceId(), value, type));
            } else {
                single.put(path.getResourceId(), LwM2mSingleResource.newResource(path.getResourceId(), value, type));
            }
        }
        for (Map.Entry<Integer, List<LwM2mResourceInstance>> entry : multiple.entrySet()) {
            single.put(entry.getKey(),
                    new LwM2mMultipleResource(entry.getKey(), types.get(entry.getKey()), entry.getValue()));
        }
        return single.values();
    }

    /* What lines "PATH=VALUE" say, as the node at the target. */
    static LwM2mNode node(List<ObjectModel> models, LwM2mPath target, List<String> lines) throws Exception {
        if (target.isResourceInstance()) {
            Object value = value(typeOf(models, target), lines.get(0).substring(lines.get(0).indexOf('=') + 1));
            return LwM2mResourceInstance.newInstance(target.getResourceInstanceId(), value, typeOf(models, target));
        }
        Collection<LwM2mResource> resources = resources(models, lines);
        return target.isResource() ? resources.iterator().next()
                : new LwM2mObjectInstance(target.getObjectInstanceId(), resources);
    }

    static LwM2mPath pathOf(String line) {
        return new LwM2mPath(line.substring(0, line.indexOf('=')));
    }

    static String show(Object value) {
        if (value instanceof byte[]) {
            return shortened("0x" + Hex.encodeHexString((byte[]) value), ((byte[]) value).length + " bytes");
        }
        if (value instanceof Date) {
            return String.valueOf(((Date) value).getTime() / 1000);
        }
        if (value instanceof ObjectLink) {
            return ((ObjectLink) value).encodeToString();
        }
        if (value instanceof Link[]) {
            return new DefaultLinkSerializer().serializeCoreLinkFormat((Link[]) value);
        }
        return shortened(String.valueOf(value), String.valueOf(value).length() + " characters");
    }

    private static String shortened(String text, String length) {
        return text.length() <= LONGEST ? text : text.substring(0, 10) + "... (" + length + ")";
    }

    /* One line for all that a node holds: "/3/0/0=a /3/0/1=b". */
    static String show(LwM2mPath path, LwM2mNode node) {
        Map<LwM2mPath, String> values = new TreeMap<>();
        collect(path, node, values);
        StringBuilder line = new StringBuilder();
        values.forEach((at, value) -> line.append(line.length() == 0 ? "" : " ").append(at).append('=').append(value));
        return line.length() == 0 ? path + " is empty" : line.toString();
    }

    private static void collect(LwM2mPath path, LwM2mNode node, Map<LwM2mPath, String> values) {
        if (node == null) {
            values.put(path, "nothing");
        } else if (node instanceof LwM2mObject) {
            ((LwM2mObject) node).getInstances().forEach((id, instance) -> collect(path.append(id), instance, values));
        } else if (node instanceof LwM2mObjectInstance) {
            ((LwM2mObjectInstance) node).getResources()
                    .forEach((id, resource) -> collect(path.append(id), resource, values));
        } else if (node instanceof LwM2mResourceInstance) {
            values.put(path, show(((LwM2mResourceInstance) node).getValue()));
        } else if (((LwM2mResource) node).isMultiInstances()) {
            ((LwM2mResource) node).getInstances().forEach((id, instance) -> collect(path.append(id), instance, values));
        } else {
            values.put(path, show(((LwM2mResource) node).getValue()));
        }
    }

    static String show(Map<LwM2mPath, LwM2mNode> nodes) {
        StringBuilder line = new StringBuilder();
        new TreeMap<>(nodes)
                .forEach((path, node) -> line.append(line.length() == 0 ? "" : " ").append(show(path, node)));
        return line.toString();
    }

    static String show(LwM2mResponse response, String content) {
        if (response == null) {
            return "no answer";
        }
        int code = response.getCode().getCode();
        String text = code / 100 + "." + String.format("%02d", code % 100);
        if (response.isFailure()) {
            return text;
        }
        return content.isEmpty() ? text : text + " " + content;
    }
}
