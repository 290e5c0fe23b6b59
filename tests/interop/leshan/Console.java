/*
 * The conversation with the test that drives a program: a line in, one line "= ..." out; what happens meanwhile is
 * told by lines "! ...". It ends when standard input does.
 *
 * SPDX-License-Identifier: Apache-2.0
 */

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

final class Console {
    interface Commands {
        String run(String command, List<String> arguments) throws Exception;
    }

    private static final PrintStream OUTPUT = new PrintStream(System.out, true, StandardCharsets.UTF_8);

    private Console() {
    }

    static void event(String text) {
        OUTPUT.println("! " + text.replace('\n', ' '));
    }

    static void converse(Commands commands) throws Exception {
        BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = input.readLine(); line != null; line = input.readLine()) {
            List<String> words = Arrays.asList(line.split(" "));
            String answer;
            try {
                answer = commands.run(words.get(0), words.subList(1, words.size()));
            } catch (Exception error) {
                answer = "failed " + error.getClass().getSimpleName() + ": " + error.getMessage();
            }
            OUTPUT.println("= " + answer.replace('\n', ' '));
        }
    }
}
