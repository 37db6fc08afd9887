package io.github.gracefulrestart.supervisor.systemd;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class DescriptorStoreTests {

	@Test
	void whenSystemdDecidesThenItHasToOfferAStore() {
		assertThat(DescriptorStore.AUTO.isUsed(true)).isTrue();
		assertThat(DescriptorStore.AUTO.isUsed(false)).isFalse();
		assertThat(DescriptorStore.ALWAYS.isUsed(false)).isTrue();
		assertThat(DescriptorStore.NEVER.isUsed(true)).isFalse();
	}

}
